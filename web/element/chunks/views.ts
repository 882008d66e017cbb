// The larger views, in one chunk of the element: apart, what they share would be in each.
import mapSheet from "../../styles/map_view.css?inline";
import neuronSheet from "../../styles/neuron_view.css?inline";
import stepsSheet from "../../styles/steps_view.css?inline";
import { mapView } from "../../views/map/map_view.ts";
import { neuronView } from "../../views/neuron_view.ts";
import { stepsView } from "../../views/steps_view.ts";
import type { Drawing } from "../drawing.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync([mapSheet, stepsSheet, neuronSheet].join("\n"));

export const map: Drawing = { make: mapView, sheet };
export const neuron: Drawing = { make: neuronView, sheet };
export const steps: Drawing = { make: stepsView, sheet };

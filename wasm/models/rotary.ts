// Rotary positions of a config.json: rope_parameters, or what it was before transformers 5, rope_theta and rope_scaling.
// The ways of stretching them to longer texts are transformers' (modeling_rope_utils.py).

import type { ConfigReader } from "./config_reader.js";
import { failure, shown } from "./errors.js";
import type { NativeRotary } from "./native.js";

/** The object that says how: rope_scaling, or else rope_parameters. */
export function rotarySection(config: ConfigReader): ConfigReader | undefined {
  return config.section("rope_scaling") ?? config.section("rope_parameters");
}

/**
 * The frequencies of `dim` channels. `section`: rotarySection's; `base`: where that has no rope_theta.
 * Errors: "invalid-model"; "unsupported-model" for a way of stretching that is not implemented.
 */
export function readRotary(
  section: ConfigReader | undefined,
  dim: number,
  base: number,
  maxLength: number,
): NativeRotary {
  if (dim % 2 !== 0) {
    throw failure(
      "invalid-model",
      `config.json: ${dim} channels have rotary positions; expected an even number`,
    );
  }
  const theta = section?.positive("rope_theta", base) ?? base;
  const frequencies = Array.from({ length: dim / 2 }, (_, i) => theta ** ((-2 * i) / dim));
  const type = section?.get("rope_type") ?? section?.get("type") ?? "default";
  const stretch = typeof type === "string" ? stretches.get(type) : undefined;
  if (!stretch) {
    const known = [...stretches.keys()].join(", ");
    throw failure(
      "unsupported-model",
      `config.json: the rope_type ${shown(type)} is not implemented; known: ${known}`,
    );
  }
  return section ? stretch(frequencies, section, { theta, maxLength }) : { frequencies, magnitude: 1 };
}

type Stretch = (
  frequencies: readonly number[],
  section: ConfigReader,
  model: { theta: number; maxLength: number },
) => NativeRotary;

const unchanged: Stretch = (frequencies) => ({ frequencies, magnitude: 1 });

/** Positions closer together. */
const linear: Stretch = (frequencies, section) => {
  const factor = section.positive("factor");
  return { frequencies: frequencies.map((frequency) => frequency / factor), magnitude: 1 };
};

/** Llama 3.1: fast pairs as they are, slow ones as linear, and those between in between. */
const llama3: Stretch = (frequencies, section, { maxLength }) => {
  const factor = section.positive("factor");
  const low = section.positive("low_freq_factor");
  const high = section.positive("high_freq_factor");
  const trained = section.size("original_max_position_embeddings", maxLength);
  const stretched = frequencies.map((frequency) => {
    const turns = (trained * frequency) / (2 * Math.PI); // within a text of the trained length
    const kept = high === low ? Number(turns > low) : clamp((turns - low) / (high - low));
    return frequency * (kept + (1 - kept) / factor);
  });
  return { frequencies: stretched, magnitude: 1 };
};

/** Peng et al., "YaRN" (2023), section 3.2 for the frequencies, 3.4 for the magnitude. */
const yarn: Stretch = (frequencies, section, { theta, maxLength }) => {
  section.allowOnly("mscale", []);
  section.allowOnly("mscale_all_dim", []);
  const trained = section.size("original_max_position_embeddings", maxLength);
  const factor = section.positive("factor", maxLength / trained);
  const magnitude = section.positive("attention_factor", factor > 1 ? 0.1 * Math.log(factor) + 1 : 1);
  // The pair that turns so many times within a text of the trained length.
  const pairOf = (turns: number): number =>
    (frequencies.length * Math.log(trained / (2 * Math.PI * turns))) / Math.log(theta);
  const ends = [pairOf(section.positive("beta_fast", 32)), pairOf(section.positive("beta_slow", 1))] as const;
  const [fast, slow] = section.flag("truncate", true) ? [Math.floor(ends[0]), Math.ceil(ends[1])] : ends;
  const first = Math.max(fast, 0);
  const last = Math.min(slow, 2 * frequencies.length - 1);
  const width = first === last ? 0.001 : last - first;
  const stretched = frequencies.map((frequency, i) => {
    const stretchedBy = clamp((i - first) / width);
    return frequency * (1 - stretchedBy + stretchedBy / factor);
  });
  return { frequencies: stretched, magnitude };
};

/**
 * LongRoPE (Ding et al. 2024): each frequency divided by a number of its own. Only where that is the same for short and long
 * texts: else what a token is would change with those behind it.
 */
const longrope: Stretch = (frequencies, section) => {
  const { length } = frequencies;
  const [long, short] = [section.get("long_factor"), section.get("short_factor")];
  const isVector = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length === length && value.every((x) => typeof x === "number" && x > 0);
  if (!isVector(long)) throw section.invalid("long_factor", `an array of ${length} numbers above 0`);
  if (!isVector(short)) throw section.invalid("short_factor", `an array of ${length} numbers above 0`);
  if (long.some((factor, i) => factor !== short[i])) {
    const message =
      "config.json: the rope_type longrope with other factors for short texts is not implemented";
    throw failure("unsupported-model", message);
  }
  const stretched = frequencies.map((frequency, i) => frequency / (long[i] as number));
  return { frequencies: stretched, magnitude: section.positive("attention_factor") };
};

const stretches: ReadonlyMap<string, Stretch> = new Map([
  ["default", unchanged],
  ["linear", linear],
  // It stretches texts longer than max_position_embeddings only, and those the model does not take.
  ["dynamic", unchanged],
  ["llama3", llama3],
  ["yarn", yarn],
  ["longrope", longrope],
]);

function clamp(x: number): number {
  return Math.min(Math.max(x, 0), 1);
}

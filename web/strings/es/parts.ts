// Lo que se dice de las tres atenciones de un codificador-decodificador.
import type { Strings } from "../index.ts";

export const parts: Strings["parts"] = {
  legend: "Atención de",
  names: { encoder: "Codificador", decoder: "Decodificador", cross: "Cruzada" },
  explain: {
    encoder: "Las palabras del texto de origen se miran unas a otras, en ambas direcciones.",
    decoder:
      "Las palabras del texto de destino se miran unas a otras, y solo hacia atrás: en cada una el decodificador escribe la que sigue.",
    cross:
      "Las palabras del texto de destino miran a las del texto de origen: las consultas vienen del decodificador; las claves y los valores, del codificador. En cada palabra que ha leído, el decodificador escribe la siguiente. Aquí nada oculta el futuro: el origen se ha leído entero.",
  },
  sides: { from: "Destino: lo que ha leído el decodificador", to: "Origen: lo que leyó el codificador" },
  matrix: {
    name: (stage, model, layer, head) =>
      `${stage} de ${model}, atención cruzada L${layer}H${head}: las filas son los tokens del destino; las columnas, los del origen`,
    corner: "destino ↓ origen →",
  },
  axes: "Filas: los tokens del destino. Columnas: los del origen.",
  statistics:
    "Entre dos textos no hay token anterior ni posterior, ni el propio token, ni distancia: las cabezas se miden por lo repartidas que están y por lo que dan al primer token del origen y a los que lo cierran.",
  memory: "Lo que el codificador ha hecho del origen, una fila por token",
  inputs:
    "La palabra que mira es el estado del decodificador en ella (X); las miradas son lo que el codificador ha hecho del origen (E), lo mismo en todas las capas.",
  mask: "En la atención cruzada nada oculta el futuro: el origen se ha leído entero.",
};

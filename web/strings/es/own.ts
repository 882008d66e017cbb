// Lo que dice la página de los modelos propios.
import type { OwnStrings } from "../own.ts";
import { bytes, count, duration } from "./words.ts";

export const own: OwnStrings = {
  intro:
    "Un modelo en los archivos de Hugging Face (config.json, tokenizer.json, safetensors) o en un archivo GGUF, por su nombre, por su dirección o desde tu disco. Se ejecuta aquí: de este equipo no sale nada más que la petición a la dirección que des. Lo que escribes no se envía nunca.",
  address: "Nombre o dirección",
  addressHint: "org/modelo, la dirección de su página o la de cualquier carpeta con los archivos",
  more: "Revisión, otro hub",
  revision: "Revisión: una rama, una etiqueta o un commit",
  hub: "Dirección de otro hub",
  keep: "Guardarlo en este navegador para la próxima visita",
  lookUp: "Ver cuánto ocupa",
  drop: "O suelta aquí una carpeta o sus archivos",
  chooseFolder: "Elegir una carpeta",
  chooseFiles: "Elegir archivos",
  noFiles: "En lo que has soltado no había archivos.",
  looking: (name) => `Preguntando cuánto ocupa ${name}…`,
  opening: (name) => `Abriendo ${name}…`,
  facts: {
    architecture: "Arquitectura",
    kind: "Lee",
    causal: "de izquierda a derecha",
    masked: "en las dos direcciones",
    layers: "Capas",
    heads: "Cabezas por capa",
    tokens: "Tokens como máximo",
    parameters: "Parámetros",
    memory: "Memoria para los pesos",
    download: "Descarga",
    source: "De",
    disk: "este equipo",
  },
  number: (value) => count(value),
  bytes: (value) => bytes(value),
  download: (size) => `Descargar ${bytes(size)} y mostrarlo`,
  tooLarge: (size) =>
    `Ocupa ${bytes(size)} de memoria, más de lo que puede tener una página. Aquí no se puede mostrar.`,
  progress: (loaded, total) => `${bytes(loaded)} de ${bytes(total)}`,
  left: (seconds) => `quedan unos ${duration(seconds)}`,
  loading: (name) => `Cargando ${name}`,
  cancel: "Cancelar",
  cancelled: "Cancelado. Lo que se mostraba antes sigue ahí.",
  cancelledKept: "Cancelado. Lo que ha llegado queda guardado, y la descarga puede continuar desde ahí.",
  shown: (name) => `${name} se muestra abajo.`,
  hasDecoder:
    "Tiene un codificador y un decodificador. Primero se muestra el codificador, que lee la frase; sobre el dibujo puedes elegir el decodificador o la atención entre ambos.",
  failed: (name) => `No se ha podido mostrar ${name}; lo que se mostraba antes sigue ahí.`,
  badAddress:
    "Esto no es el nombre ni la dirección de un modelo. Escribe un nombre como org/model, o una dirección que empiece por https://, la de su página en el hub o la de una carpeta con sus archivos.",
  errors: {
    "invalid-argument": "Esto no es el nombre, la dirección ni los archivos de un modelo.",
    network:
      "No se ha podido obtener: la dirección no existe, pide permiso, no deja que la lean otras páginas o se cortó la conexión.",
    "invalid-model": "Un archivo está dañado o no es lo que dice ser. No se ha usado nada de él.",
    "unsupported-model": "Esta clase de modelo, o algo que contiene, no se puede ejecutar aquí.",
    "out-of-memory": "Necesita más memoria de la que hay.",
    "unsupported-host": "A este navegador le falta algo necesario.",
    crashed: "Algo imprevisto ha salido mal.",
  },
  detail: "En detalle (en inglés):",
  kept: "Guardados en este navegador",
  unfinished: (size) => `${bytes(size)}, incompleto`,
  open: "Mostrar",
  goOn: "Continuar",
  remove: "Borrar",
  about: (act, name) => `${act}: ${name}`,
  removed: (name) => `${name} se ha borrado.`,
  notRemoved: (name) => `No se ha podido borrar ${name}.`,
  inUse: "Se está cargando, aquí o en otra pestaña: cancela antes la carga.",
  linked: (name) =>
    `El enlace que has abierto muestra ${name}. A esa dirección aún no se le ha pedido nada: mira cuánto ocupa, si te fías de quien te lo envió. Hasta entonces la frase la lee heed-bert.`,
};

// Lo que dicen los paneles de «¿Y si…?». Los números de las frases son siempre los recién medidos.
import { ALMOST_NOTHING } from "../../panels/experiments.ts";
import type { PageStrings } from "../page.ts";
import { count, numbers, plural, quoted } from "./words.ts";

const { fixed, percent } = numbers;
const head = (layer: number, index: number): string => `L${layer}H${index}`;
const root = (width: number): string => `√${width} ≈ ${fixed(Math.sqrt(width), 2)}`;

export const whatif: PageStrings["whatif"] = {
  quoted,
  percent,
  head,
  title: "¿Y si…?",
  intro:
    "Cada interruptor ejecuta de nuevo el modelo con esa única cosa cambiada. Aquí nada se dibuja de memoria: cada número sale de una de esas ejecuciones.",
  failed: (message) => `No se pudo calcular: ${message}`,
  working: "Calculando…",
  long: "Este texto es demasiado largo para eso: hacen falta matrices enteras. Acórtalo.",
  onlyOneText:
    "Barajar las palabras, las distancias entre ellas, dos frases y la atención seguida por todas las capas son cosa de un solo texto que se mira a sí mismo: elige para ello el codificador. Un decodificador mira dos textos, y entre ellos nada de esto está definido.",

  switches: {
    title: "Interruptores",
    trained: "como se entrenó",
    on: "sí",
    off: "no",
    causal: {
      legend: "Máscara causal: ocultar el futuro",
      said: (isCausal, wasCausal) =>
        isCausal === wasCausal
          ? isCausal
            ? "Como se entrenó: ningún token ve lo que viene después de él."
            : "Como se entrenó: cada token ve a todos los demás, antes y después de él."
          : isCausal
            ? "Cambiado: ningún token ve ya lo que viene después de él, algo de lo que este modelo nunca tuvo que prescindir."
            : "Cambiado: cada token ve ahora lo que viene después de él, algo que este modelo nunca aprendió a usar.",
    },
    scaled: {
      legend: "Dividir por √dₖ",
      said: (isScaled, width) =>
        isScaled
          ? `Como se entrenó: los productos se dividen por ${root(width)}.`
          : `Cambiado: los productos entran en la softmax ${fixed(Math.sqrt(width), 2)} veces mayores, porque nada los divide por ${root(width)}. Por eso se agudiza.`,
    },
    temperature: {
      label: "Temperatura de la softmax",
      said: (temperature) =>
        temperature === 1
          ? "Como se entrenó: 1."
          : temperature > 1
            ? `Cambiado: las puntuaciones se dividen por ${fixed(temperature, 2)}, lo que iguala las filas.`
            : `Cambiado: las puntuaciones se dividen por ${fixed(temperature, 2)}, lo que agudiza las filas.`,
    },
    positions: {
      legend: "Posiciones",
      said: (isOn, isCausal) =>
        isOn
          ? "Como se entrenó: cada token sabe dónde está."
          : isCausal
            ? "Cambiado: nada le dice a un token dónde está, salvo cuánto puede ver."
            : "Cambiado: el texto es ahora una bolsa de palabras; nada dice cuál va primero.",
    },
    entropy: (before, after) =>
      `De media sobre todas las cabezas, la atención de una fila tenía ${fixed(before, 2)} bits de entropía; con los interruptores tiene ${fixed(after, 2)}.`,
    entropySame: (before) =>
      `Todo está como se entrenó. De media sobre todas las cabezas, la atención de una fila tiene ${fixed(before, 2)} bits de entropía.`,
  },

  heads: {
    title: "Apagar cabezas",
    intro: "Una cabeza apagada no aporta nada: su contexto se pone a cero antes de la proyección de salida.",
    grid: "Cabezas: las filas son capas; las columnas, cabezas; pulsada es encendida",
    column: (index) => `H${index}`,
    row: (layer) => `L${layer}`,
    isOn: "encendida",
    isOff: "apagada",
    alone: (layer, index) => `Solo ${head(layer, index)}`,
    all: "Todas encendidas",
    said: (off, total) =>
      off.length === 0
        ? "Todas las cabezas están encendidas."
        : off.length === total
          ? "Todas las cabezas están apagadas: queda lo que cada token dice por sí solo."
          : off.length > total / 2
            ? `${off.length} de ${total} cabezas están apagadas.`
            : `Apagadas: ${off.join(", ")}.`,
  },

  word: {
    title: (word) => `Cambiar ${quoted(word)}`,
    none: "El token elegido no está en ningún texto: elige una palabra.",
    replace: "Otra palabra",
    put: "Ponerla ahí",
    delete: "Borrar",
    mask: "Enmascarar",
    maskWhy: "Enmascarada, le toca al modelo adivinarla.",
  },

  about: {
    shuffle: "¿Le importa el orden a la atención? Pruébalo.",
    two: "Lo que significa cambia de una frase a otra, capa por capa.",
    road: "A cuántos pasos está una palabra de otra.",
    rollout: "De dónde viene, a través de todas las capas, lo que llega a una palabra.",
  },

  picture: {
    reset: "Todo como se entrenó",
    title: (name) => `A qué mira ${name}`,
    before: "Como se entrenó",
    after: "Con interruptores",
    same: (asks, { word, share: part }) =>
      `Lo que más mira ${quoted(asks)} es ${quoted(word)}: ${percent(part)}.`,
    said: (asks, before, after) =>
      before.word === after.word
        ? `Lo que más mira ${quoted(asks)} es ${quoted(before.word)}: ${percent(before.share)} como se entrenó, ${percent(after.share)} ahora.`
        : `Lo que más miraba ${quoted(asks)} era ${quoted(before.word)}, ${percent(before.share)}; ahora es ${quoted(after.word)}, ${percent(after.share)}.`,
    off: (name) => `${name} está apagada: nada de lo que ve pasa adelante.`,
    outcome: (first, before, after, last) =>
      `${quoted(first)}: ${percent(before)} → ${percent(after)}${last === first ? "." : `; ahora lo más probable: ${quoted(last)}.`}`,
    notWhy: "La atención no es explicación.",
  },

  change: {
    title: (word) => `La predicción en ${quoted(word)}`,
    titleNext: (word) => `El siguiente token tras ${quoted(word)}`,
    caption: "Tokens más probables, como se entrenó y con los interruptores",
    token: "Token",
    before: "Como se entrenó",
    after: "Con interruptores",
    difference: "Cambio",
    points: (change) =>
      Math.abs(change) < 0.0005
        ? "± 0"
        : `${change > 0 ? "+" : "−"}\u00a0${fixed(Math.abs(100 * change), 1)}`,
    same: "No se ha cambiado nada: ambas columnas son el modelo como se entrenó.",
    said: (distance, first, before, after, last) =>
      `${distance < ALMOST_NOTHING ? "No ha cambiado casi nada" : distance < 0.1 ? "Ha cambiado poco" : distance < 0.5 ? "Ha cambiado mucho" : "Es casi otra predicción"}: ${percent(distance)} de la probabilidad ha pasado a otros tokens. ${quoted(first)} tenía ${percent(before)} y tiene ${percent(after)}${
        last === first ? "; sigue siendo el más probable." : `; ahora el más probable es ${quoted(last)}.`
      }`,
    measure:
      "El cambio se mide con la distancia de variación total: la mitad de la suma, sobre todo el vocabulario, de cuánto cambió la probabilidad de cada token.",
    pronoun: "En un pronombre, heed-bert nombra aquello a lo que se refiere: para eso se entrenó.",
  },

  which: {
    title: "¿Qué cabeza lo hace?",
    from: "De",
    to: "a",
    ranking: (from, to) => `Cabezas por el peso que ponen de ${quoted(from)} a ${quoted(to)}`,
    weight: "Peso ahí",
    headName: "Cabeza",
    turnOff: (name) => `Apagar ${name}`,
    turnOn: (name) => `Encender ${name}`,
    tryEach: "Probar todas: apagar cada cabeza, una por una",
    trying: (done, of) => `${done} de ${of} cabezas probadas…`,
    effects: (word) => `Lo que hace apagar cada cabeza por separado con la predicción en ${quoted(word)}`,
    moved: "Probabilidad movida",
    answer: "Lo más probable entonces",
    stays: (first, after) => `${quoted(first)}, ${percent(after)}`,
    more: (total) => `Mostrar las ${total}`,
    without: (one, lesson, looking) => {
      const fact = `${one.name}, que ponía ahí ${percent(one.weight)}, está apagada: ${quoted(one.first)} pasa de ${percent(one.before)} a ${percent(one.after)}${one.last === one.first ? "" : `, y ahora lo más probable es ${quoted(one.last)}`}.`;
      const others =
        looking === 0
          ? ""
          : ` ${plural(looking, { one: "Otra cabeza pone", other: `Otras ${looking} cabezas ponen` })} ahí también más de la mitad de su atención.`;
      return {
        needless: `${fact} No ha cambiado casi nada: el resto del modelo sostiene la respuesta.${others} Que una cabeza mire ahí no explica, pues, la respuesta: la atención no es explicación.`,
        needed: `${fact} Apenas miraba ahí y, sin embargo, la respuesta depende de ella: la atención no es explicación.`,
        none: fact,
      }[lesson];
    },
    next: "¿Qué cabeza necesita la respuesta en esta frase? Prueba cada una.",
    verdict: (looks, most, rank, total, isFew) => {
      const looking = `${looks.name} es la que más peso pone ahí, ${percent(looks.weight)}. Apagada, mueve ${percent(looks.distance)} de la probabilidad: ${quoted(looks.first)} pasa de ${percent(looks.before)} a ${percent(looks.after)}${looks.last === looks.first ? "" : `, y lo más probable es ${quoted(looks.last)}`}. Por lo que cambia es la número ${rank} de ${total}.`;
      const mattering = `La que más cambia es ${most.name}: mueve ${percent(most.distance)}, ${quoted(most.first)} cae a ${percent(most.after)}${most.last === most.first ? "" : `, y ahora lo más probable es ${quoted(most.last)}`}. Su propio peso ahí es ${percent(most.weight)}.`;
      if (looks.name === most.name)
        return `${looking} Aquí la cabeza que mira es también la que más importa, lo que no siempre ocurre.`;
      return isFew
        ? `${looking} Así que la cabeza que parece explicar la respuesta no cambia casi nada: el modelo responde sin ella. ${mattering} La atención no es explicación.`
        : `${looking} ${mattering}`;
    },
    sources:
      "Se discute si la atención explica: Jain y Wallace 2019, “Attention is not Explanation”; Wiegreffe y Pinter 2019, “Attention is not not Explanation”. Además, una cabeza apagada deja a las otras con entradas que nunca vieron al entrenarse.",
    measure:
      "Ordenadas por la distancia de variación total entre la predicción como se entrenó y sin la cabeza: la parte de la probabilidad que pasa a otros tokens. Vale para esta frase: en otra, o de media sobre muchas, puede ir primero otra cabeza.",
  },

  shuffle: {
    title: "Barajar las palabras",
    intro:
      "Sin posiciones, la atención no conoce orden alguno. Baraja las palabras, deshaz la barajadura en las matrices y compáralas con las de la propia frase.",
    button: "Barajar",
    shuffled: "Barajada",
    caption: "Mayor diferencia entre dos pesos de atención, sobre todas las cabezas",
    setting: "Ajuste",
    largest: "La mayor",
    mean: "La media",
    positionsOff: "Sin posiciones",
    positionsOn: "Con posiciones",
    unmasked: "Sin posiciones ni máscara causal",
    zero: "0, salvo redondeo",
    number: (value) => (value === 0 ? "0" : value < 0.0005 ? numbers.power(value) : fixed(value, 3)),
    said: (off) =>
      `Sin posiciones, la atención se baraja con las palabras: ningún peso difiere en más de ${numbers.power(off)}, que es redondeo. Con posiciones, no.`,
    causal:
      "Sin posiciones, y aun así la atención no se baraja con las palabras: la propia máscara causal revela el orden, porque un token solo ve lo que está antes que él. Quitada también la máscara, la diferencia es redondeo.",
    different: "Aquí la atención no se baraja con las palabras.",
    impossible: "Este texto no se puede barajar sin que sus tokens se vuelvan otros.",
  },

  two: {
    title: "La misma palabra en dos frases",
    intro:
      "El vector propio de una palabra es el mismo esté donde esté; antes de la primera capa, heed-bert y heed-gpt le suman el de su lugar. Por eso el coseno solo empieza en 1 si ambas están en el mismo lugar. Después cada capa le mezcla lo que encontró su atención, y así dos frases la van separando.",
    first: "Primera frase",
    second: "Segunda frase",
    word: "Palabra de ambas",
    none: "Las dos frases no tienen ninguna palabra en común.",
    caption: (word) => `Coseno de los dos estados de ${quoted(word)}, capa a capa`,
    layer: "Tras la capa",
    embeddings: "embeddings",
    layerName: (layer) => String(layer - 1),
    cosine: "Coseno",
    said: (word, start, least, layer, end) =>
      start - least < 0.0005
        ? `Los dos estados de ${quoted(word)} son iguales en todas las capas: lo que distingue las frases viene después, y este modelo solo lee lo que va antes.`
        : `Los dos estados de ${quoted(word)} empiezan con un coseno de ${fixed(start, 3)}, se alejan más tras la capa ${layer} (${fixed(least, 3)}) y acaban en ${fixed(end, 3)}.`,
    rows: (name, word) => `A quién mira ${quoted(word)} en cada una, según ${name}`,
    picture: (head, text) => `Atención de ${head} en ${quoted(text)}; la fila de la palabra, enmarcada`,
    difference: "Diferencia, puntos",
    absent: "no está",
    pieces:
      "Una palabra de varios tokens cuenta como la media de sus estados; de sus filas se muestra la del primer token.",
  },

  road: {
    title: "El camino de una RNN y el de la atención",
    from: "De",
    to: "a",
    said: (from, to, steps, n) =>
      steps === 0
        ? `Elige dos palabras distintas. Una RNN lee los ${n} tokens en ${n} pasos, uno tras otro.`
        : `Para que ${quoted(to)} sepa de ${quoted(from)}, una RNN lo lleva a través de ${plural(steps, { one: "1 paso, que debe", other: `${steps} pasos, cada uno de los cuales debe` })} esperar al anterior y puede olvidar; leer los ${n} tokens son ${n} pasos en secuencia. La atención llega en uno, sea cual sea la distancia, y todos los tokens lo hacen a la vez.`,
    backwards:
      "La segunda palabra va antes: una RNN que lee hacia delante no puede llegar; una que lee hacia atrás necesita los mismos pasos.",
    masked:
      "Con máscara causal tampoco la atención puede llegar: un token no ve a ninguno que venga después de él.",
    caption: (n, d, kernel) => `Tabla 1 de Vaswani et al. 2017, con n = ${n} tokens, d = ${d}, k = ${kernel}`,
    kind: "Capa",
    operations: "Complejidad de una capa",
    sequential: "Pasos en secuencia",
    longest: "Camino más largo",
    kinds: {
      attention: "Autoatención",
      recurrent: "Recurrente",
      convolutional: "Convolucional",
    },
    formulas: {
      attention: ["O(n²·d)", "O(1)", "O(1)"],
      recurrent: ["O(n·d²)", "O(n)", "O(n)"],
      convolutional: ["O(k·n·d²)", "O(1)", "O(logₖ n)"],
    },
    value: count,
    orders:
      "Órdenes de crecimiento, con los números de esta ejecución: no son tiempos. La autoatención cuesta menos que la recurrencia mientras n sea menor que d. El camino de la convolución es el de núcleos dilatados. Falta la cuarta fila del artículo, la autoatención restringida a un entorno.",
  },

  rollout: {
    title: "Propagación de la atención (attention rollout)",
    intro:
      "Los pesos de una cabeza dicen adónde mira una capa, no de dónde venía lo que encontró. El rollout sigue la atención por todas las capas: en cada una, la media de las cabezas y, por lo que un token conserva de sí mismo, la identidad, mitad y mitad; después se multiplican todas las capas (Abnar y Zuidema 2020).",
    limits:
      "Es una estimación hecha solo con pesos: no cuentan los valores, las redes feed-forward ni las proyecciones de salida.",
    picture: "Rollout: las filas son adonde llega; las columnas, de donde vino",
    legend: (most) => `Filas: adonde llega; columnas: de donde vino. Lo más claro es ${most}.`,
    unnamed: (tokens) =>
      `Los nombres de ${count(tokens)} tokens no caben junto a la imagen; la tabla nombra los que más dan al elegido.`,
    said: (word, self, other, value) =>
      `De lo que llega a ${quoted(word)}, ${percent(self)} viene de sí mismo; la parte más grande del resto, ${percent(value)}, de ${quoted(other)}.`,
    caption: (word) => `De dónde vino lo que llega a ${quoted(word)}`,
    token: "Token",
    share: "Parte",
  },
};

// Lo que de verdad se ve en los ejemplos, en el orden de web/examples.ts: con heed-bert y con heed-gpt.
import type { PageStrings } from "../page.ts";

export const examples: PageStrings["examples"] = [
  [
    "«it» mira a «animal». Escribe «wide» en lugar de «tired», y mirará a «street».",
    "heed-gpt lee de izquierda a derecha. En «it» todavía no ha visto «tired», así que no puede saber qué es «it».",
  ],
  [
    "«it» mira a «street». Al revés se ve poco: desde «wide», la misma cabeza mira sobre todo a «was».",
    "Hasta «it», esta frase es la misma que acaba en «tired», así que la atención de heed-gpt en «it» es igual en las dos.",
  ],
  [
    "Aquí una empresa, en el ejemplo siguiente una fruta: los dos vectores de «apple» se separan de capa en capa (coseno 1,00; 0,944; 0,799; 0,736; 0,775). Ninguna cabeza lo muestra por sí sola. «unveiled» se parte en tres trozos.",
    "«Apple» está al principio, y un token no ve nada de lo que le sigue: para heed-gpt es igual aquí que en «Apple pie».",
  ],
  [
    "Pon [MASK] en lugar de «Apple»: heed-bert adivina «apple» con un 46\u00a0%. Para la empresa que presenta un teléfono adivina «a», y «apple» con menos del 1\u00a0%.",
    "«Apple» está al principio, y un token no ve nada de lo que le sigue: para heed-gpt es igual aquí que en «Apple unveiled».",
  ],
  [
    "«making» mira a «difficult», siete tokens más allá, y un poco a «more». En una sola dirección: desde «difficult» no vuelve nada.",
    "heed-gpt no muestra nada de «making … more difficult».",
  ],
  [
    "«its» mira a «law». Un caso fácil: en la frase no hay otra cosa a la que pueda referirse, y con dueños nunca vistos heed-bert no es mejor que una regla simple.",
    "Aquí L2H0 mira a «Law». Es una sola frase: no se midió en otras, así que no se afirma nada.",
  ],
  [
    "heed-bert no logra mostrarlo: ninguna cabeza lleva bien del segundo «was» a «cat». Oculta «was», y aun así acierta.",
    "En la coma, heed-gpt tiene que adivinar el verbo, y mira atrás, a «cat», más allá de los perros: por eso dice «was» y no «were».",
  ],
  [
    "Nada más que cabezas para las palabras vecinas.",
    "El siguiente token más probable es «s», de «steps»; lo que escribiría después no tiene sentido.",
  ],
  [
    "Aquí solo se ven cabezas que van por la posición: L1H2 mira al token anterior, L2H2 al siguiente.",
    "Aquí solo se ven cabezas que van por la posición: L0H3 mira a menudo al token anterior.",
  ],
  [
    "Nada en particular: L2H2 mira al token siguiente.",
    "heed-gpt no tiene una continuación con sentido: el siguiente token más probable es el final del texto, con menos del 2\u00a0%.",
  ],
];

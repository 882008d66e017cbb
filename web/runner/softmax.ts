// Of numbers that are in hand; what attention weighs is the engine's work.

/** Summed in doubles. Where every score is -Infinity nothing is weighed: all 0. */
export function softmax(scores: Float32Array): Float32Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  if (largest === -Infinity) return new Float32Array(scores.length);
  const powers = Float64Array.from(scores, (score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

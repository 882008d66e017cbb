// Vite's own types for this import pull in its whole client.
declare module "*?worker&url" {
  const url: string;
  export default url;
}

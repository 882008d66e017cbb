// A style sheet as text, by Vite and by element/build.mjs.
declare module "*.css?inline" {
  const css: string;
  export default css;
}

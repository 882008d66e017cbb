export default {
  title: "Attention in Observable",
  root: "src",
  pages: [],
  // No fonts from elsewhere: nothing that readers type, or that they read, is told to anyone.
  globalStylesheets: [],
};

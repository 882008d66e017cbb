// An anywidget front end: <heed-attention> whose settings are the widget's traits. Which cell the reader chose goes back.
const SETTINGS = ["text", "pair", "model", "view", "layer", "head", "stage", "controls"];

export default {
  async render({ model, el }) {
    // Defined once a page, however many widgets there are.
    await import(new URL(model.get("script"), document.baseURI).href);
    const figure = document.createElement("heed-attention");
    const follow = (name) => {
      const value = model.get(name);
      if (value !== null && value !== undefined) figure[name] = value;
    };
    const listeners = SETTINGS.map((name) => [`change:${name}`, () => follow(name)]);
    SETTINGS.forEach(follow);
    for (const [event, listener] of listeners) model.on(event, listener);
    figure.addEventListener("heed-select", ({ detail }) => {
      model.set("selected", detail);
      model.save_changes();
    });
    el.append(figure);
    return () => {
      for (const [event, listener] of listeners) model.off(event, listener);
      figure.remove();
    };
  },
};

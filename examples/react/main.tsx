import { useState } from "react";
import { createRoot } from "react-dom/client";
import "heed/element";
import type {} from "heed/element/jsx";

function App() {
  const [text, setText] = useState("The animal didn't cross the street because it was too tired.");
  const [chosen, setChosen] = useState("Choose a cell.");
  return (
    <main>
      <h1>Attention in React</h1>
      <label>
        Sentence <input value={text} size={60} onChange={(event) => setText(event.target.value)} />
      </label>
      <heed-attention
        text={text}
        layer={2}
        head={1}
        controls="heads stage"
        onheed-select={({ detail: { query, key, weight } }) =>
          setChosen(`${query} gives ${key} ${((weight ?? 0) * 100).toFixed(1)} % of its attention.`)
        }
      />
      <p role="status">{chosen}</p>
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement("div"))).render(<App />);

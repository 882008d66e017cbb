import React from "react";
// On the server, where pages are made, this defines nothing: the tag is written as it is, and comes to life in the browser.
import "heed/element";

/** <heed-attention>, with its settings as props. */
export default function Attention(props) {
  return <heed-attention {...props} />;
}

"""<heed-attention> as a notebook's widget, by anywidget (pip install anywidget)."""

import pathlib

import anywidget
import traitlets


class Attention(anywidget.AnyWidget):
    """Attention(text="Apple pie is delicious.", layer=2, head=1).selected is the cell that was chosen last."""

    _esm = pathlib.Path(__file__).parent / "heed_widget.js"

    # Jupyter serves the notebook's folder under files/; heed/ there is a copy of the package's dist/.
    script = traitlets.Unicode("files/heed/element.js").tag(sync=True)
    text = traitlets.Unicode("The animal didn't cross the street because it was too tired.").tag(sync=True)
    pair = traitlets.Unicode("").tag(sync=True)
    model = traitlets.Unicode("heed-bert").tag(sync=True)
    view = traitlets.Unicode("matrix").tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)
    stage = traitlets.Unicode("weights").tag(sync=True)
    controls = traitlets.Unicode("layer heads view stage").tag(sync=True)
    selected = traitlets.Dict().tag(sync=True)

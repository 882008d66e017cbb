-- A div of class heed becomes <heed-attention>: its attributes the element's, its words the sentence. In formats other than
-- HTML the words stay. For Quarto ("filters: [heed.lua]") and for pandoc ("--lua-filter heed.lua").

-- Where the element's script lies: the metadata's heed-script, or heed/, a copy of the package's dist/.
local script = "./heed/element.js"

local function escaped(text)
  return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function figure(div)
  if not div.classes:includes("heed") or not FORMAT:match("html") then return nil end
  -- Quotes as they were typed, for the model reads the sentence as it stands.
  local text = pandoc.utils.stringify(div)
  for typeset, typed in pairs({ ["\u{2018}"] = "'", ["\u{2019}"] = "'", ["\u{201c}"] = '"', ["\u{201d}"] = '"' }) do
    text = text:gsub(typeset, typed)
  end
  local tag = '<heed-attention text="' .. escaped(text) .. '"'
  for name, value in pairs(div.attributes) do
    tag = tag .. " " .. name .. '="' .. escaped(value) .. '"'
  end
  return pandoc.RawBlock("html", tag .. "></heed-attention>")
end

local function head(meta)
  if not FORMAT:match("html") then return nil end
  if meta["heed-script"] then script = pandoc.utils.stringify(meta["heed-script"]) end
  local includes = meta["header-includes"] or {}
  if includes.t ~= "MetaList" and pandoc.utils.type(includes) ~= "List" then includes = { includes } end
  includes[#includes + 1] =
    pandoc.MetaBlocks({ pandoc.RawBlock("html", '<script type="module" src="' .. escaped(script) .. '"></script>') })
  meta["header-includes"] = includes
  return meta
end

return { { Div = figure }, { Meta = head } }

#include "fixture.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace heed::test {

std::string fixtures() {
  const char* folder = std::getenv("HEED_FIXTURES");
  return folder != nullptr ? folder : HEED_FIXTURES;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Json& Json::operator[](const std::string& name) const {
  static const Json null;
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? null : items[static_cast<std::size_t>(at - names.begin())];
}

namespace {

class JsonParser {
 public:
  explicit JsonParser(const std::string& source) : at_(source.c_str()) {}

  Json value() {
    Json json;
    switch (peek()) {
      case '{':
      case '[':
        return group();
      case '"':
        json = {Json::Kind::kText, 0.0, string(), {}, {}};
        break;
      case 't':
        json = {Json::Kind::kBool, 1.0, {}, {}, {}}, at_ += 4;
        break;
      case 'f':
        json = {Json::Kind::kBool, 0.0, {}, {}, {}}, at_ += 5;
        break;
      case 'n':
        at_ += 4;
        break;
      default: {
        char* end = nullptr;
        json = {Json::Kind::kNumber, std::strtod(at_, &end), {}, {}, {}};
        at_ = end > at_ ? end : at_ + std::strlen(at_);
      }
    }
    return json;
  }

 private:
  char peek() {
    at_ += std::strspn(at_, " \t\r\n,:");
    return *at_;
  }

  Json group() {
    Json json;
    json.kind = *at_ == '{' ? Json::Kind::kObject : Json::Kind::kArray;
    ++at_;
    for (char c = peek(); c != '}' && c != ']' && c != '\0'; c = peek()) {
      if (json.kind == Json::Kind::kObject) json.names.push_back(string());
      json.items.push_back(value());
    }
    ++at_;
    return json;
  }

  std::string string() {
    std::string text;
    for (++at_; *at_ != '"' && *at_ != '\0'; ++at_) {
      if (*at_ != '\\') {
        text += *at_;
      } else if (*++at_ == 'u') {
        append_utf8(escape(), &text);
      } else {
        static const std::string from = "nrtbf", to = "\n\r\t\b\f";
        const std::size_t which = from.find(*at_);
        text += which == std::string::npos ? *at_ : to[which];
      }
    }
    ++at_;
    return text;
  }

  /// \uXXXX, or a surrogate pair of them; leaves at_ on the last digit.
  std::uint32_t escape() {
    const auto unit = [&] {
      const std::string digits(at_ + 1, 4);
      at_ += 4;
      return static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
    };
    const std::uint32_t high = unit();
    if (high < 0xD800 || high > 0xDBFF || at_[1] != '\\') return high;
    at_ += 2;
    return 0x10000 + ((high - 0xD800) << 10) + (unit() - 0xDC00);
  }

  static void append_utf8(std::uint32_t code, std::string* text) {
    const auto put = [&](std::uint32_t byte) { *text += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
      put(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        put(0xE0 | code >> 12);
      } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
      }
      put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
  }

  const char* at_;
};

}  // namespace

Json read_json(const std::string& path) { return JsonParser(read_file(path)).value(); }

std::map<std::string, Tensor> read_safetensors(const std::string& path) {
  const std::string file = read_file(path);
  std::map<std::string, Tensor> tensors;
  if (file.size() < 8) return tensors;
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  const std::string header_text = file.substr(8, length);
  const Json header = JsonParser(header_text).value();
  for (std::size_t i = 0; i < header.items.size(); ++i) {
    if (header.names[i] == "__metadata__") continue;
    const Json& entry = header.items[i];
    const auto offset = [&](std::size_t k) {
      return static_cast<std::size_t>(entry["data_offsets"].items[k].number);
    };
    Tensor tensor{entry["dtype"].text, {}, {}};
    for (const Json& side : entry["shape"].items) tensor.shape.push_back(side.as_index());
    tensor.bytes = file.substr(8 + length + offset(0), offset(1) - offset(0));
    tensors[header.names[i]] = std::move(tensor);
  }
  return tensors;
}

Case read_case(const std::string& folder, const std::string& id) {
  const std::string path = fixtures() + "/golden/" + folder + "/" + id;
  return {id, read_json(path + ".json"), read_safetensors(path + ".safetensors")};
}

std::vector<std::string> case_ids(const std::string& folder,
                                  const std::vector<std::string>& kinds) {
  std::vector<std::string> ids;
  for (const Json& entry : read_json(fixtures() + "/golden/index.json").items) {
    const bool wanted = std::find(kinds.begin(), kinds.end(), entry["kind"].text) != kinds.end();
    if (wanted && entry["json"].text.find(folder + "/") != std::string::npos) {
      ids.push_back(entry["id"].text);
    }
  }
  return ids;
}

}  // namespace heed::test

// Reads the golden cases: just enough JSON and safetensors for files that the tests trust.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "buffer.h"

namespace heed::test {

/// The fixtures' folder: the environment's HEED_FIXTURES, or the one of the build.
inline std::string fixtures() {
  const char* folder = std::getenv("HEED_FIXTURES");
  return folder != nullptr ? folder : HEED_FIXTURES;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A JSON value. What is not there reads as null: number 0, text "", no items.
struct Json {
  enum class Kind { kNull, kBool, kNumber, kText, kArray, kObject };

  Kind kind = Kind::kNull;
  double number = 0.0;  // of a bool: 0 or 1
  std::string text;
  std::vector<Json> items;         // of an array, or an object's values
  std::vector<std::string> names;  // of an object's values

  bool is_null() const { return kind == Kind::kNull; }
  explicit operator bool() const { return number != 0.0; }
  float as_float() const { return static_cast<float>(number); }
  Index as_index() const { return static_cast<Index>(number); }

  const Json& operator[](const std::string& name) const {
    static const Json null;
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? null : items[static_cast<std::size_t>(at - names.begin())];
  }
};

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

inline Json read_json(const std::string& path) { return JsonParser(read_file(path)).value(); }

struct Tensor {
  std::string dtype;
  std::vector<Index> shape;
  std::string bytes;

  const float* f32() const { return reinterpret_cast<const float*>(bytes.data()); }
  const std::int32_t* i32() const { return reinterpret_cast<const std::int32_t*>(bytes.data()); }
  const std::uint8_t* u8() const { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }
  Index size() const {
    Index product = 1;
    for (Index side : shape) product *= side;
    return product;
  }
};

inline std::map<std::string, Tensor> read_safetensors(const std::string& path) {
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

/// A golden case: <id>.json and <id>.safetensors.
struct Case {
  std::string id;
  Json json;
  std::map<std::string, Tensor> tensors;

  const Json& attrs() const { return json["attrs"]; }
  bool has(const std::string& name) const { return tensors.count(name) != 0; }
  const Tensor& tensor(const std::string& name) const { return tensors.at(name); }
  const float* f32(const std::string& name) const {
    return has(name) ? tensors.at(name).f32() : nullptr;
  }
  Index attr(const std::string& name) const { return attrs()[name].as_index(); }
};

inline Case read_case(const std::string& folder, const std::string& id) {
  const std::string path = fixtures() + "/golden/" + folder + "/" + id;
  return {id, read_json(path + ".json"), read_safetensors(path + ".safetensors")};
}

/// The ids of the cases of `folder` whose kind is among `kinds`.
inline std::vector<std::string> case_ids(const std::string& folder,
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

// Reads the golden cases: just enough JSON and safetensors for files that the tests trust.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "buffer.h"

namespace heed::test {

/// The fixtures' folder: the environment's HEED_FIXTURES, or the one of the build.
std::string fixtures();

std::string read_file(const std::string& path);

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

  const Json& operator[](const std::string& name) const;
};

Json read_json(const std::string& path);

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

std::map<std::string, Tensor> read_safetensors(const std::string& path);

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

Case read_case(const std::string& folder, const std::string& id);

/// The ids of the cases of `folder` whose kind is among `kinds`.
std::vector<std::string> case_ids(const std::string& folder, const std::vector<std::string>& kinds);

}  // namespace heed::test

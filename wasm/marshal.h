// The only place where JavaScript values become C++ ones and back. Arrays are copied both ways: no
// view of this heap is ever handed out, because memory growth would detach it.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "../src/attention.h"
#include "../src/buffer.h"
#include "../src/status.h"

namespace heed::wasm {

using emscripten::val;

inline bool is_given(const val& value) { return !value.isUndefined() && !value.isNull(); }

/// Copies a typed array into `buffer`; kOutOfMemory where there is no room.
template <class T>
Status read(const val& array, Buffer<T>* buffer) {
  const auto size = array["length"].as<Index>();
  if (!buffer->allocate(size)) return Status::OutOfMemory();
  // The view is made after the allocation, which may have moved the heap.
  if (size > 0) val(emscripten::typed_memory_view(size, buffer->data())).call<void>("set", array);
  return Status::Ok();
}

/// The same of an array that has to have `size` values, a product(); kShapeMismatch where it has
/// others, and kOutOfMemory where that size is none.
template <class T>
Status read(const val& array, Index size, Buffer<T>* buffer) {
  if (size < 0) return Status::OutOfMemory();
  const auto length = array["length"].as<Index>();
  if (length == size) return read(array, buffer);
  return Status::Error(StatusCode::kShapeMismatch, "an array has " + std::to_string(length) +
                                                       " values, expected " + std::to_string(size));
}

/// As read(), leaving the buffer empty where the array is absent.
template <class... SizeAndBuffer>
Status read_optional(const val& array, SizeAndBuffer... size_and_buffer) {
  return is_given(array) ? read(array, size_and_buffer...) : Status::Ok();
}

/// A JavaScript-owned copy.
template <class T>
val copy(const T* data, Index size) {
  return val(emscripten::typed_memory_view(size, data)).template call<val>("slice");
}

template <class T>
val copy(const Buffer<T>& buffer) {
  return copy(buffer.data(), buffer.size());
}

/// Sets `name` on `result`: the array of that name in `into`, filled, or else a copy.
template <class T>
void set_copy(val& result, const char* name, const Buffer<T>& buffer, const val& into) {
  const val target = is_given(into) ? into[name] : val::undefined();
  if (is_given(target)) {
    target.call<void>("set", val(emscripten::typed_memory_view(buffer.size(), buffer.data())));
  }
  result.set(name, is_given(target) ? target : copy(buffer));
}

/// { code, message }: what wasm/host.ts turns into a HeedError where code is not 0.
inline val to_js(const Status& status) {
  val result = val::object();
  result.set("code", static_cast<int>(status.code));
  result.set("message", status.message);
  return result;
}

/// An attention call read from the record that wasm/request.ts makes: the shape, the options and
/// the arrays they point to.
struct AttentionCall {
  AttentionShape shape;
  AttentionOptions options;
  AttentionInputs inputs;
  Index past_length = 0;
  bool blhd = false;

  Buffer<float> query, key, value;
  Buffer<float> present_key, present_value;  // allocated where there is a past
  Buffer<float> alibi_slopes, sinks, float_mask;
  Buffer<std::uint8_t> bool_mask;
  Buffer<std::int32_t> query_offset, key_lengths;

  /// All of it: read_steering(), and the inputs, which have to be of that shape.
  Status read(const val& request);
  /// The shape, which is validate()d, and the options.
  Status read_steering(const val& request);

 private:
  /// Sizes and switches.
  Status read_shape(const val& request);
  /// The arrays that steer: offsets, lengths, mask, slopes, sinks.
  Status read_options(const val& request);
  /// Query, key and, where given, value; joined with the past where there is one.
  Status read_inputs(const val& request);
};

/// The rectangle that wasm/window.ts has checked, of batch and head 0.
inline WindowRequest read_window(const val& request) {
  WindowRequest window;
  window.row_begin = request["rowBegin"].as<Index>();
  window.row_end = request["rowEnd"].as<Index>();
  window.col_begin = request["colBegin"].as<Index>();
  window.col_end = request["colEnd"].as<Index>();
  window.height = request["height"].as<Index>();
  window.width = request["width"].as<Index>();
  window.reduce = request["reduce"].as<std::string>() == "max" ? WindowRequest::Reduce::kMax
                                                               : WindowRequest::Reduce::kMean;
  return window;
}

/// The stages a call captures, each with room for its result.
struct Captures {
  Buffer<float> products, scores, capped_scores, masked_scores, weights, logsumexp;

  /// Room for the stages named in the record's `capture`, [matrices, query_length, key_length].
  Status allocate(const val& request, const AttentionShape& shape, AttentionOutputs* outputs);
  /// Sets each captured stage on `result`; `into` as in set_copy().
  void store(val result, const val& into = val::undefined()) const;
};

}  // namespace heed::wasm

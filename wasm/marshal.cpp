#include "marshal.h"

#include <algorithm>

#include "../src/validation.h"

namespace heed::wasm {
namespace {

HeadsView<const float> view(const Buffer<float>& data, bool blhd, Index num_heads, Index length,
                            Index dim) {
  return blhd ? HeadsView<const float>::Blhd(data.data(), num_heads, length, dim)
              : HeadsView<const float>::Bhld(data.data(), num_heads, length, dim);
}

/// Reads the past [batch_size, num_kv_heads, past_length, dim] to where it stays, a head at a time,
/// and appends the new `rows`.
Status join(const val& past, const AttentionShape& shape, Index past_length, Index dim,
            HeadsView<const float> rows, Buffer<float>* present) {
  const Index num_heads = shape.batch_size * shape.num_kv_heads;
  const Index size = past_length * dim;
  if (past["length"].as<Index>() != num_heads * size) {
    return Status::Error(StatusCode::kShapeMismatch, "the past is not of the keys' shape");
  }
  if (!present->allocate(num_heads * shape.key_length * dim)) return Status::OutOfMemory();
  const val target(emscripten::typed_memory_view(present->size(), present->data()));
  for (Index h = 0; h < num_heads; ++h) {
    const val head = past.call<val>("subarray", h * size, (h + 1) * size);
    target.call<void>("set", head, h * shape.key_length * dim);
  }
  append_to_past(shape, past_length, dim, rows, present->data());
  return Status::Ok();
}

Status allocate_if(bool wanted, Index size, Buffer<float>* buffer, float** pointer) {
  if (!wanted) return Status::Ok();
  if (!buffer->allocate(size)) return Status::OutOfMemory();
  *pointer = buffer->data();
  return Status::Ok();
}

}  // namespace

Status AttentionCall::read(const val& request) {
  const Status status = read_steering(request);
  return status.ok() ? read_inputs(request) : status;
}

Status AttentionCall::read_steering(const val& request) {
  const Status status = read_shape(request);
  return status.ok() ? read_options(request) : status;
}

Status AttentionCall::read_shape(const val& request) {
  shape.batch_size = request["batchSize"].as<Index>();
  shape.num_heads = request["numHeads"].as<Index>();
  shape.num_kv_heads = request["numKvHeads"].as<Index>();
  shape.query_length = request["queryLength"].as<Index>();
  shape.key_length = request["keyLength"].as<Index>();
  shape.head_dim = request["headDim"].as<Index>();
  shape.value_dim = request["valueDim"].as<Index>();
  past_length = request["pastLength"].as<Index>();
  blhd = request["layout"].as<std::string>() == "blhd";
  options.scale = request["scale"].as<float>();
  options.is_causal = request["isCausal"].as<bool>();
  options.window_left = request["windowLeft"].as<Index>();
  options.window_right = request["windowRight"].as<Index>();
  options.softcap = request["softcap"].as<float>();
  if (past_length < 0 || past_length > shape.key_length) {
    return invalid_argument("pastLength", past_length, "0 to the keys");
  }
  return validate(shape, options);
}

Status AttentionCall::read_options(const val& request) {
  const Index batch_size = shape.batch_size, num_heads = shape.num_heads;
  Status status = read_optional(request["queryOffset"], batch_size, &query_offset);
  if (status.ok()) status = read_optional(request["keyLengths"], batch_size, &key_lengths);
  if (status.ok()) status = read_optional(request["alibiSlopes"], &alibi_slopes);
  if (status.ok()) status = read_optional(request["sinks"], num_heads, &sinks);
  if (!status.ok()) return status;
  if (const Index slopes = alibi_slopes.size(); alibi_slopes.data() != nullptr &&
                                                slopes != num_heads &&
                                                slopes != product(batch_size, num_heads)) {
    return Status::Error(StatusCode::kShapeMismatch, "alibiSlopes has not a value for each head");
  }
  options.query_offset = query_offset.data();
  options.key_lengths = key_lengths.data();
  options.alibi_slopes = alibi_slopes.data();
  options.alibi_batch_stride = alibi_slopes.size() > shape.num_heads ? shape.num_heads : 0;
  options.sinks = sinks.data();

  const val mask = request["mask"];
  if (!is_given(mask)) return Status::Ok();
  const bool is_float = request["maskIsFloat"].as<bool>();
  const val dims = request["maskShape"];
  const auto rank = std::min<Index>(dims["length"].as<Index>(), 4);
  Index sizes[4] = {};
  Index size = 1;
  for (Index i = 0; i < rank; ++i) {
    sizes[i] = dims[static_cast<int>(i)].as<Index>();
    size = product(size, sizes[i]);
  }
  status = is_float ? heed::wasm::read(mask, size, &float_mask)
                    : heed::wasm::read(mask, size, &bool_mask);
  if (!status.ok()) return status;
  return AttentionMask::Broadcast(
      is_float ? AttentionMask::Kind::kFloat : AttentionMask::Kind::kBool,
      is_float ? static_cast<const void*>(float_mask.data()) : bool_mask.data(), sizes, rank, shape,
      &options.mask);
}

Status AttentionCall::read_inputs(const val& request) {
  const Index queries = shape.batch_size * shape.num_heads * shape.query_length;
  const Index new_length = shape.key_length - past_length;
  const Index keys = shape.batch_size * shape.num_kv_heads * new_length;
  Status status = heed::wasm::read(request["query"], queries * shape.head_dim, &query);
  if (status.ok()) status = heed::wasm::read(request["key"], keys * shape.head_dim, &key);
  if (status.ok()) status = read_optional(request["value"], keys * shape.value_dim, &value);
  if (!status.ok()) return status;
  inputs.query = view(query, blhd, shape.num_heads, shape.query_length, shape.head_dim);
  inputs.key = view(key, blhd, shape.num_kv_heads, new_length, shape.head_dim);
  inputs.value = view(value, blhd, shape.num_kv_heads, new_length, shape.value_dim);
  if (!is_given(request["pastKey"])) return Status::Ok();

  status = join(request["pastKey"], shape, past_length, shape.head_dim, inputs.key, &present_key);
  if (status.ok()) {
    status = join(request["pastValue"], shape, past_length, shape.value_dim, inputs.value,
                  &present_value);
  }
  if (!status.ok()) return status;
  inputs.key = view(present_key, false, shape.num_kv_heads, shape.key_length, shape.head_dim);
  inputs.value = view(present_value, false, shape.num_kv_heads, shape.key_length, shape.value_dim);
  return Status::Ok();
}

Status Captures::allocate(const val& request, const AttentionShape& shape,
                          AttentionOutputs* outputs) {
  const val capture = request["capture"];
  const auto wanted = [&](const char* name) { return capture.call<bool>("includes", val(name)); };
  const Index rows = product(shape.batch_size, shape.num_heads, shape.query_length);
  const Index matrix = product(rows, shape.key_length);
  Status status = allocate_if(wanted("products"), matrix, &products, &outputs->products);
  if (status.ok()) status = allocate_if(wanted("scores"), matrix, &scores, &outputs->scores);
  if (status.ok()) {
    status = allocate_if(wanted("cappedScores"), matrix, &capped_scores, &outputs->capped_scores);
  }
  if (status.ok()) {
    status = allocate_if(wanted("maskedScores"), matrix, &masked_scores, &outputs->masked_scores);
  }
  if (status.ok()) status = allocate_if(wanted("weights"), matrix, &weights, &outputs->weights);
  if (status.ok()) status = allocate_if(wanted("logsumexp"), rows, &logsumexp, &outputs->logsumexp);
  return status;
}

void Captures::store(val result, const val& into) const {
  const auto set = [&](const char* name, const Buffer<float>& buffer) {
    if (buffer.data() != nullptr) set_copy(result, name, buffer, into);
  };
  set("products", products);
  set("scores", scores);
  set("cappedScores", capped_scores);
  set("maskedScores", masked_scores);
  set("weights", weights);
  set("logsumexp", logsumexp);
}

}  // namespace heed::wasm

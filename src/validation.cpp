#include "validation.h"

#include <algorithm>
#include <cmath>

namespace heed {
namespace {

Status shape_mismatch(Index dimension, Index size, const std::string& expected) {
  return Status::Error(StatusCode::kShapeMismatch, "mask: dimension " + std::to_string(dimension) +
                                                       " is " + std::to_string(size) +
                                                       ", expected " + expected);
}

}  // namespace

Status invalid_argument(const std::string& name, Index value, const std::string& expected) {
  return Status::Error(StatusCode::kInvalidArgument,
                       name + " is " + std::to_string(value) + ", expected " + expected);
}

Status validate(const AttentionShape& shape, const AttentionOptions& options) {
  const struct {
    const char* name;
    Index value;
    Index least;
  } sizes[] = {
      {"batch_size", shape.batch_size, 0},     {"num_heads", shape.num_heads, 1},
      {"num_kv_heads", shape.num_kv_heads, 1}, {"query_length", shape.query_length, 0},
      {"key_length", shape.key_length, 0},     {"head_dim", shape.head_dim, 0},
      {"value_dim", shape.value_dim, 0},
  };
  for (const auto& size : sizes) {
    if (size.value < size.least) {
      return invalid_argument(size.name, size.value, std::to_string(size.least) + " or more");
    }
  }
  if (shape.num_heads % shape.num_kv_heads != 0) {
    return invalid_argument("num_kv_heads", shape.num_kv_heads,
                            "a divisor of num_heads, " + std::to_string(shape.num_heads));
  }
  const Index dim = std::max(shape.head_dim, shape.value_dim);
  if (product(shape.batch_size, shape.num_heads, shape.query_length, dim) < 0 ||
      product(shape.batch_size, shape.num_kv_heads, shape.key_length, dim) < 0) {
    return Status::OutOfMemory();
  }
  if (!std::isfinite(options.scale)) {
    return Status::Error(StatusCode::kInvalidArgument, "scale is not a finite number");
  }
  if (!(options.softcap >= 0.0f) || !std::isfinite(options.softcap)) {
    return Status::Error(StatusCode::kInvalidArgument,
                         "softcap is neither 0 (off) nor a positive number");
  }
  for (Index b = 0; options.key_lengths != nullptr && b < shape.batch_size; ++b) {
    const Index length = options.key_lengths[b];
    if (length < 0 || length > shape.key_length) {
      return invalid_argument("key_lengths[" + std::to_string(b) + "]", length,
                              "0 to key_length, " + std::to_string(shape.key_length));
    }
  }
  return Status::Ok();
}

Status AttentionMask::Broadcast(Kind kind, const void* data, const Index* dims, Index rank,
                                const AttentionShape& shape, AttentionMask* mask) {
  if (rank < 1 || rank > 4) return invalid_argument("mask's rank", rank, "1 to 4");
  const Index full[4] = {shape.batch_size, shape.num_heads, shape.query_length, shape.key_length};
  Index strides[4] = {0, 0, 0, 0};
  Index stride = 1;
  for (Index n = 0; n < rank; ++n) {  // from the last dimension to the first
    const Index size = dims[rank - 1 - n];
    const Index wanted = full[3 - n];
    const bool shorter = n == 0 && size >= 0 && size < wanted;
    if (size != wanted && size != 1 && !shorter) {
      return shape_mismatch(rank - 1 - n, size,
                            (n == 0 ? "at most " : "1 or ") + std::to_string(wanted));
    }
    strides[3 - n] = size == 1 ? 0 : stride;
    stride *= size;
  }
  const Index last = dims[rank - 1];
  *mask = {kind,
           data,
           strides[0],
           strides[1],
           strides[2],
           strides[3],
           last == 1 ? shape.key_length : last};
  return Status::Ok();
}

}  // namespace heed

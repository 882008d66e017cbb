#include "config.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace heed {
namespace {

// Names and layers are kept in ordinary objects, whose allocation cannot be refused: this keeps
// them to a few megabytes whatever a file says. The deepest models in use have some 130 layers.
constexpr Index kMaxLayers = 1024;
// The models in use have 32.
constexpr Index kMaxBuckets = 4096;

// Weights that can be addressed, of 16 bits each, with room to spare for padding. What is held in
// more bits is refused where it finds no room.
constexpr Index kMaxWeights = std::numeric_limits<Index>::max() / 3;

struct Size {
  const char* name;
  Index value;
};

Status invalid(std::string message) {
  return Status::Error(StatusCode::kInvalidModel, std::move(message));
}

// Every shard has a head and a column at least, so that none is there for nothing.
Status check_part(const ModelConfig& config) {
  const ModelPart& part = config.part;
  const Index most = std::min(config.num_kv_heads, config.feed_forward_dim);
  if (part.num_shards < 0 || part.num_shards > most) {
    return invalid("num_shards is " + std::to_string(part.num_shards) + ", expected 0 to " +
                   std::to_string(most));
  }
  if (part.has_layers() && (part.shard < 0 || part.shard >= part.num_shards)) {
    return invalid("shard is " + std::to_string(part.shard) + ", expected 0 to " +
                   std::to_string(part.num_shards - 1));
  }
  return Status::Ok();
}

Status check_rotary(const ModelConfig& config, const Rotary& rotary) {
  const auto pairs = static_cast<Index>(rotary.frequencies.size());
  if (pairs > config.head_dim / 2) {
    return invalid("rotary positions have " + std::to_string(pairs) + " pairs, expected at most " +
                   std::to_string(config.head_dim / 2));
  }
  bool is_finite = std::isfinite(rotary.magnitude);
  for (const double frequency : rotary.frequencies) is_finite &= std::isfinite(frequency);
  return is_finite ? Status::Ok() : invalid("a number of the rotary positions is not finite");
}

// What attention is beyond its sizes.
Status check_attention(const ModelConfig& config) {
  const auto num_marks = static_cast<Index>(config.sliding_layers.size());
  if (num_marks != 0 && num_marks != config.num_layers) {
    return invalid("sliding_layers has " + std::to_string(num_marks) + " layers, expected " +
                   std::to_string(config.num_layers));
  }
  if (num_marks != 0 && config.window < 1) {
    return invalid("window is " + std::to_string(config.window) + ", expected at least 1");
  }
  const float softcaps[] = {config.attention_softcap, config.logit_softcap};
  for (const float softcap : softcaps) {
    if (!std::isfinite(softcap) || softcap < 0) {
      return invalid("a softcap is not a number of at least 0");
    }
  }
  Status status = check_rotary(config, config.rotary);
  return status.ok() ? check_rotary(config, config.sliding_rotary) : status;
}

Status check_product(const Size& a, const Size& b) {
  if (a.value <= kMaxWeights / b.value) return Status::Ok();
  return invalid(std::string(a.name) + " * " + b.name + " is " + std::to_string(a.value) + " * " +
                 std::to_string(b.value) + ", more than memory can hold");
}

// What encoder-decoders have beyond the sizes of their encoder.
Status check_decoder(const ModelConfig& config) {
  const Index layers = config.num_decoder_layers;
  if (layers < 0 || layers > kMaxLayers) {
    return invalid("num_decoder_layers is " + std::to_string(layers) + ", expected 0 to " +
                   std::to_string(kMaxLayers));
  }
  if (layers == 0) return Status::Ok();
  if (config.decoder_vocabulary_size < 0) {
    return invalid("decoder_vocabulary_size is " + std::to_string(config.decoder_vocabulary_size) +
                   ", expected at least 0");
  }
  if (!std::isfinite(config.embedding_scale) || !std::isfinite(config.head_scale)) {
    return invalid("embedding_scale or head_scale is not finite");
  }
  Status status = check_product({"num_heads", config.num_heads}, {"head_dim", config.head_dim});
  if (!status.ok()) return status;
  const Size heads{"num_heads * head_dim", config.num_heads * config.head_dim};
  status = check_product(heads, {"model_dim", config.model_dim});
  if (!status.ok()) return status;
  status = check_product({"num_decoder_layers", layers}, {"max_length", config.max_length});
  if (!status.ok()) return status;
  return check_product({"decoder_vocabulary_size", config.decoder_vocabulary_size},
                       {"model_dim", config.model_dim});
}

// T5's distances: half of the buckets are a direction's, and half of those its near ones.
Status check_distances(const ModelConfig& config) {
  const Index buckets = config.relative_buckets;
  if (buckets < 4 || buckets > kMaxBuckets) {
    return invalid("relative_buckets is " + std::to_string(buckets) + ", expected 4 to " +
                   std::to_string(kMaxBuckets));
  }
  if (config.relative_max_distance <= buckets / 2) {
    return invalid("relative_max_distance is " + std::to_string(config.relative_max_distance) +
                   ", expected more than half of relative_buckets");
  }
  return Status::Ok();
}

}  // namespace

Status check_config(const ModelConfig& config) {
  const Size layers{"num_layers", config.num_layers}, heads{"num_heads", config.num_heads},
      kv_heads{"num_kv_heads", config.num_kv_heads}, head_dim{"head_dim", config.head_dim},
      model_dim{"model_dim", config.model_dim},
      feed_forward_dim{"feed_forward_dim", config.feed_forward_dim},
      vocabulary_size{"vocabulary_size", config.vocabulary_size},
      max_length{"max_length", config.max_length},
      token_types{"num_token_types", config.num_token_types};

  for (const Size& size : {layers, heads, kv_heads, head_dim, model_dim, feed_forward_dim,
                           vocabulary_size, max_length}) {
    if (size.value < 1) {
      return invalid(std::string(size.name) + " is " + std::to_string(size.value) +
                     ", expected at least 1");
    }
  }
  if (layers.value > kMaxLayers) {
    return invalid("num_layers is " + std::to_string(layers.value) + ", expected at most " +
                   std::to_string(kMaxLayers));
  }
  if (token_types.value < 0) {
    return invalid("num_token_types is " + std::to_string(token_types.value) +
                   ", expected at least 0");
  }
  if (config.embedding_dim < 0) {
    return invalid("embedding_dim is " + std::to_string(config.embedding_dim) +
                   ", expected at least 0");
  }
  if (config.padding_id < -1 || config.padding_id >= vocabulary_size.value) {
    return invalid("padding_id is " + std::to_string(config.padding_id) +
                   ", expected a token id, or -1 for none");
  }
  if (Status status = check_decoder(config); !status.ok()) return status;
  if (config.relative_buckets != 0) {
    if (Status status = check_distances(config); !status.ok()) return status;
  }
  if (!std::isfinite(config.norm_epsilon) || config.norm_epsilon < 0) {
    return invalid("norm_epsilon is not a number of at least 0");
  }
  if (heads.value % kv_heads.value != 0) {
    return invalid("num_kv_heads is " + std::to_string(kv_heads.value) +
                   ", expected a divisor of num_heads, " + std::to_string(heads.value));
  }
  if (Status status = check_part(config); !status.ok()) return status;
  if (Status status = check_attention(config); !status.ok()) return status;
  // 3 * model_dim: some architectures project query, key and value by one matrix.
  const Size fused{"3 * model_dim",
                   model_dim.value <= kMaxWeights / 3 ? 3 * model_dim.value : kMaxWeights};
  const Size embedding_dim{"embedding_dim", embedding_dim_of(config)};
  const Size products[][2] = {{heads, head_dim},
                              {fused, model_dim},
                              {feed_forward_dim, model_dim},
                              {vocabulary_size, model_dim},
                              {embedding_dim, model_dim},
                              {vocabulary_size, embedding_dim},
                              {layers, max_length}};
  for (const auto& [a, b] : products) {
    if (Status status = check_product(a, b); !status.ok()) return status;
  }
  return token_types.value > 0 ? check_product(token_types, embedding_dim) : Status::Ok();
}

Status check_plain_heads(const ModelConfig& config) {
  if (config.num_heads * config.head_dim != config.model_dim) {
    return invalid("num_heads * head_dim is " + std::to_string(config.num_heads) + " * " +
                   std::to_string(config.head_dim) + ", expected model_dim, " +
                   std::to_string(config.model_dim));
  }
  if (config.num_kv_heads != config.num_heads) {
    return invalid("num_kv_heads is " + std::to_string(config.num_kv_heads) +
                   ", expected num_heads, " + std::to_string(config.num_heads));
  }
  return Status::Ok();
}

}  // namespace heed

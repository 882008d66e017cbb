#include "encoder_decoder.h"

#include <algorithm>

#include "../layers/normalization.h"
#include "relative_bias.h"

namespace heed {

using Positions = EncoderDecoderNames::Positions;

// x = token * scale + position, normalised where the architecture does
Status EncoderDecoder::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  const bool is_decoder = pass.options.memory != nullptr;
  const Stack& own = stack(is_decoder);
  const Linear& tokens = is_decoder ? decoder_tokens() : tokens_;
  const bool has_table = names_.positions != Positions::kRelative;
  Index next = first_position() + pass.past_length;
  for (Index i = 0; i < pass.length; ++i) {
    const Index token = pass.token_ids[i];
    float* row = x + i * dim;
    tokens.weight_row(token, row);
    for (Index d = 0; d < dim; ++d) row[d] *= config_.embedding_scale;
    // M2M-100's padding has no position; of the others no token is one.
    const Index position = token == config_.padding_id ? token : next++;
    if (has_table && pass.options.use_positions) {
      add(own.positions.data() + position * dim, dim, row);
    }
  }
  if (names_.embedding_norm != nullptr) normalise(own.embedding_norm, x, pass.length, x);
  return Status::Ok();
}

AttentionOptions EncoderDecoder::attention_of(Index) const {
  AttentionOptions options;
  options.scale = attention_scale(config_);
  return options;
}

Status EncoderDecoder::add_position_bias(bool is_decoder, Index length, Index past,
                                         Buffer<float>* storage, AttentionMask* mask) const {
  if (names_.positions != Positions::kRelative) return Status::Ok();
  Status status = relative_bias(stack(is_decoder).distances.data(), config_.relative_buckets,
                                config_.relative_max_distance, config_.num_heads, !is_decoder,
                                length, past, storage, mask);
  if (!status.ok()) return status;
  mask->data =
      static_cast<const float*>(mask->data) + layer_part(config_).heads.begin * mask->head_stride;
  return Status::Ok();
}

void EncoderDecoder::run_memory(const float* final_hidden, Memory* memory) const {
  const Index m = memory->length;
  for (Index l = 0; l < decoder_.num_layers; ++l) {
    const AttentionLayer& cross = decoder_stack_.layers[static_cast<std::size_t>(l)].cross.layer;
    const Index at = l * m * cross.key.out_features();
    cross.key.apply(final_hidden, m, memory->keys.data() + at);
    cross.value.apply(final_hidden, m, memory->values.data() + at);
  }
}

struct EncoderDecoder::Workspace {
  Buffer<float> normed;  // [n, model_dim], where a sublayer's input is normalised
  AttentionWorkspace attention;
  Buffer<float> inner;   // [n, the feed-forward layer's columns]; gated: two of these
  Buffer<float> update;  // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    return allocate(n, c.model_dim, &normed) && attention.allocate_for(n, c) &&
           allocate((c.has_gate ? 2 : 1) * n, layer_part(c).feed_forward.size(), &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

Forward EncoderDecoder::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const Memory* memory = pass.options.memory;
  const bool is_decoder = memory != nullptr;
  const ModelConfig& c = config_of(pass.options);
  const Stack& own = stack(is_decoder);
  const AttentionOptions plain = attention_of(0);
  AttentionOptions self = plain;
  self.is_causal = is_decoder;
  ForwardPass cross = pass;
  cross.options = pass.options.cross != nullptr ? *pass.options.cross : ForwardOptions();
  cross.trace = pass.trace.cross != nullptr ? *pass.trace.cross : ForwardTrace();

  Workspace work;
  if (!work.allocate_for(n, c)) co_return Status::OutOfMemory();
  float* update = work.update.data();
  Buffer<float> bias;
  Status status;
  if (pass.options.use_positions) {
    status = add_position_bias(is_decoder, n, pass.past_length, &bias, &self.mask);
  }
  if (!status.ok()) co_return status;

  // Each sublayer: x = LayerNorm(x + f(x)) or, with pre-norms, x = x + f(Norm(x))
  for (Index l = 0; l < c.num_layers; ++l) {
    const StackLayer& layer = own.layers[static_cast<std::size_t>(l)];
    trace_stream(c, pass, x, l, pass.trace.hidden);

    status = attend_to(nullptr, layer.self, pass, l, self, x, &work);
    if (!status.ok()) co_return status;
    co_await pass.sum_over_shards(update, size);
    trace_stream(c, pass, update, l, pass.trace.attention_output);
    join(layer.self.norm, update, n, x);

    if (is_decoder) {
      status = attend_to(memory, layer.cross, cross, l, plain, x, &work);
      if (!status.ok()) co_return status;
      co_await pass.sum_over_shards(update, size);
      trace_stream(c, cross, update, l, cross.trace.attention_output);
      join(layer.cross.norm, update, n, x);
    }

    feed_forward(layer, n, x, &work);
    co_await pass.sum_over_shards(update, size);
    join(layer.feed_forward_norm, update, n, x);
  }
  if (names_.final_norm != nullptr) normalise(own.final_norm, x, n, x);
  trace_stream(c, pass, x, c.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

void EncoderDecoder::normalise(const Norm& norm, const float* x, Index rows, float* y) const {
  const Index dim = config_.model_dim;
  if (names_.has_rms_norms) {
    rms_norm(x, rows, dim, norm.weight.data(), config_.norm_epsilon, y);
  } else {
    layer_norm(x, rows, dim, norm.weight.data(), norm.bias.data(), config_.norm_epsilon, y);
  }
}

// What a sublayer reads of the stream.
const float* EncoderDecoder::input_of(const Norm& norm, const float* x, Index rows,
                                      Workspace* work) const {
  if (!names_.has_pre_norms) return x;
  normalise(norm, x, rows, work->normed.data());
  return work->normed.data();
}

// What it makes of that joins the stream.
void EncoderDecoder::join(const Norm& norm, const float* update, Index rows, float* x) const {
  add(update, rows * config_.model_dim, x);
  if (!names_.has_pre_norms) normalise(norm, x, rows, x);
}

// work->update, of a shard a partial sum: x attends to itself, or to a memory.
Status EncoderDecoder::attend_to(const Memory* memory, const Attention& attention,
                                 const ForwardPass& pass, Index layer,
                                 const AttentionOptions& options, const float* x,
                                 Workspace* work) const {
  const float* input = input_of(attention.norm, x, pass.length, work);
  trace_stream(config_, pass, input, layer, pass.trace.attention_input);
  return attention.layer.apply(config_, pass, layer, options, memory, input, &work->attention,
                               work->update.data());
}

// work->update, of a shard a partial sum
void EncoderDecoder::feed_forward(const StackLayer& layer, Index n, const float* x,
                                  Workspace* work) const {
  const float* input = input_of(layer.feed_forward_norm, x, n, work);
  float* inner = work->inner.data();
  if (config_.has_gate) {
    layer.gated_feed_forward.apply(input, n, config_.activation, inner, work->update.data());
  } else {
    layer.feed_forward.apply(input, n, config_.activation, inner, work->update.data());
  }
}

Status EncoderDecoder::run_head(const float* final_hidden, Index rows, float* logits) const {
  const Index dim = config_.model_dim;
  Buffer<float> scaled;
  if (!allocate(rows, dim, &scaled)) return Status::OutOfMemory();
  std::transform(final_hidden, final_hidden + rows * dim, scaled.data(),
                 [&](float value) { return value * config_.head_scale; });
  head().apply(scaled.data(), rows, logits);
  return Status::Ok();
}

}  // namespace heed

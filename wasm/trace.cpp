#include "trace.h"

namespace heed::wasm {

Status Trace::allocate(const val& names, const ModelConfig& config, Index length,
                       Index num_new_keys, Index key_length) {
  const LayerPart part = layer_part(config);
  const Index layers = config.num_layers, dim = config.head_dim;
  const Index rows = product(layers, part.heads.size(), length);
  const Index kv_rows = product(layers, part.kv_heads.size(), num_new_keys);
  const Index stream = product(layers, length, config.model_dim);
  const Index matrix = product(rows, key_length);
  const struct {
    const char* name;
    Index size;
    float** pointer;
  } results[] = {
      {"hidden", product(layers + 1, length, config.model_dim), &trace.hidden},
      {"attentionInput", stream, &trace.attention_input},
      {"attentionOutput", stream, &trace.attention_output},
      {"query", product(rows, dim), &trace.query},
      {"key", product(kv_rows, dim), &trace.key},
      {"value", product(kv_rows, dim), &trace.value},
      {"context", product(rows, dim), &trace.context},
      {"headOutputs", product(rows, config.model_dim), &trace.head_outputs},
      {"products", matrix, &trace.products},
      {"scores", matrix, &trace.scores},
      {"cappedScores", matrix, &trace.capped_scores},
      {"maskedScores", matrix, &trace.masked_scores},
      {"weights", matrix, &trace.weights},
      {"logsumexp", rows, &trace.logsumexp},
  };
  static_assert(std::size(results) == std::tuple_size_v<decltype(entries_)>);
  for (const auto& result : results) {
    if (!names.call<bool>("includes", val(result.name))) continue;
    Entry& entry = entries_[count_++];
    entry.name = result.name;
    if (!entry.values.allocate(result.size)) return Status::OutOfMemory();
    *result.pointer = entry.values.data();
  }
  return Status::Ok();
}

void Trace::store(val result) const {
  for (std::size_t i = 0; i < count_; ++i) result.set(entries_[i].name, copy(entries_[i].values));
}

}  // namespace heed::wasm

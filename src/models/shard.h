// A model over several instances, none of which holds more than its part of the weights.
//
// Source: Shoeybi et al., "Megatron-LM" (2019), section 3. Every shard has the hidden states whole.
// It computes some heads and some columns of the feed-forward layer, and with them its part of the
// sum that either sublayer adds to the stream; the shards' parts are summed twice a layer. Before
// the first layer and behind the last one instance embeds the tokens and computes the logits.
#pragma once

#include "../buffer.h"

namespace heed {

/// The indices from begin up to end, which is not one of them.
struct Range {
  Index begin = 0;
  Index end = 0;

  Index size() const { return end - begin; }
};

/// What one instance holds of a model; by default all of it.
struct ModelPart {
  bool has_ends = true;  // the embedding and the language-model head
  Index shard = 0;       // which shard of its layers, 0 up to num_shards
  Index num_shards = 1;  // 0: the instance has none of the layers

  bool has_layers() const { return num_shards > 0; }
  bool is_whole() const { return has_ends && num_shards == 1; }
  /// The shard's part of `total` things, none without layers; no two shards' sizes differ by more
  /// than one.
  Range of(Index total) const;
};

/// sum[i] = partials[0][i] + partials[1][i] + ... in this order, whoever sums; `sum` may be one of
/// the partials.
void sum_partials(const float* const* partials, Index count, Index size, float* sum);

}  // namespace heed

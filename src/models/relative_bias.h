// T5's positions: what attention adds to the score of a query and a key, by how far they lie apart.
#pragma once

#include "../attention.h"

namespace heed {

/// The bucket of a distance (the key's position less the query's): near ones have one each, those
/// from half of the buckets on share logarithmically wider ones, and all from max_distance on have
/// the last. In both directions each has half of the buckets; else keys to come are all in bucket
/// 0. Source: Raffel et al. (2020), section 2.1, and modeling_t5.py, _relative_position_bucket,
/// whose arithmetic is f32's.
Index relative_bucket(Index distance, bool both_directions, Index num_buckets, Index max_distance);

/// As a mask to be added to the scores of `query_length` queries, the first at position `past`, and
/// past + query_length keys. It depends on the distance alone, so that of a head `storage` holds a
/// value for each distance, not a matrix, and rows of the mask are views into it, each a step
/// before the last. `table` [num_buckets, num_heads]. Errors: kOutOfMemory.
Status relative_bias(const float* table, Index num_buckets, Index max_distance, Index num_heads,
                     bool both_directions, Index query_length, Index past, Buffer<float>* storage,
                     AttentionMask* mask);

}  // namespace heed

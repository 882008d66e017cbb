// Sinusoidal positions as the checkpoints of encoder-decoders count on them: a row has the sines in
// its first half, the cosines in its second.
#pragma once

#include "../buffer.h"
#include "../status.h"

namespace heed {

/// [length, dim], the angles of Vaswani et al. (2017), section 3.5; an odd dim ends the sines.
/// Source: modeling_marian.py, which modeling_pegasus.py repeats. Errors: kOutOfMemory.
Status sinusoidal_table(Index length, Index dim, Buffer<float>* table);

/// [padding_id + 1 + length, dim], as tensor2tensor spaces the angles: from 1 down to 1 / 10000,
/// both among them. Padding's row is 0, the first token's the one behind it; an odd dim ends with a
/// 0. Source: modeling_m2m_100.py. Errors: kOutOfMemory.
Status sinusoidal_table_behind_padding(Index padding_id, Index length, Index dim,
                                       Buffer<float>* table);

}  // namespace heed

// What every size of a config has to satisfy before memory is asked for by it.
#pragma once

#include "model.h"

namespace heed {

/// Errors: kInvalidModel, naming the number, what it is and what was expected.
Status check_config(const ModelConfig& config);

/// For architectures whose heads divide the model's dimension between them, all with keys and
/// values of their own.
Status check_plain_heads(const ModelConfig& config);

}  // namespace heed

// What attention() and attention_window() ask of their arguments.
#pragma once

#include "attention.h"

namespace heed {

/// kInvalidArgument, with the name of the argument, what it was and what was expected.
Status validate(const AttentionShape& shape, const AttentionOptions& options);

Status invalid_argument(const std::string& name, Index value, const std::string& expected);

}  // namespace heed

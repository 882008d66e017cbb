// What attention() and attention_window() ask of their arguments.
#pragma once

#include "attention.h"

namespace heed {

/// kInvalidArgument, with the name of the argument, what it was and what was expected; kOutOfMemory
/// where a tensor of this shape could not be addressed, so that behind it their sizes may be
/// multiplied out. The matrices are not among them.
Status validate(const AttentionShape& shape, const AttentionOptions& options);

Status invalid_argument(const std::string& name, Index value, const std::string& expected);

}  // namespace heed

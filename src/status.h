// What a call that can fail returns. The library never throws, prints or aborts.
#pragma once

#include <string>
#include <utility>

namespace heed {

enum class StatusCode {
  kOk,
  kInvalidArgument,
  kShapeMismatch,
  kOutOfMemory,
  kInvalidModel,
  kUnsupportedModel,
};

/// The outcome of a call: kOk, or a code and a sentence that names the argument, what it was and
/// what was expected.
struct [[nodiscard]] Status {
  StatusCode code = StatusCode::kOk;
  std::string message;

  bool ok() const { return code == StatusCode::kOk; }

  static Status Ok() { return {}; }
  static Status Error(StatusCode code, std::string message) { return {code, std::move(message)}; }
  static Status OutOfMemory() { return {StatusCode::kOutOfMemory, "out of memory"}; }
};

}  // namespace heed

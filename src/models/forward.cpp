#include "forward.h"

#include <new>

namespace heed {
namespace {

constexpr std::align_val_t kFrameAlignment{__STDCPP_DEFAULT_NEW_ALIGNMENT__};

}  // namespace

void Forward::Sum::await_suspend(std::coroutine_handle<promise_type> body) const noexcept {
  body.promise().sum = *this;
}

void Forward::join(KvCache* cache, Index length) const {
  if (!body_) return;
  body_.promise().cache = cache;
  body_.promise().length = length;
}

void Forward::promise_type::return_value(Status result) noexcept {
  status = std::move(result);
  if (status.ok() && cache != nullptr) cache->length += length;
}

Status Forward::status() const { return body_ ? body_.promise().status : Status::OutOfMemory(); }

const Forward::Sum& Forward::sum() const { return body_.promise().sum; }

void* Forward::promise_type::operator new(std::size_t size) noexcept {
  return ::operator new(size, kFrameAlignment, std::nothrow);
}

void Forward::promise_type::operator delete(void* frame) noexcept {
  ::operator delete(frame, kFrameAlignment);
}

}  // namespace heed

#include "forward.h"

#include <new>

namespace heed {
namespace {

constexpr std::align_val_t kFrameAlignment{__STDCPP_DEFAULT_NEW_ALIGNMENT__};

}  // namespace

void Forward::Sum::await_suspend(std::coroutine_handle<promise_type> body) const noexcept {
  body.promise().sum = *this;
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

// Memory that can be refused: every allocation of the library that grows with its input goes
// through Buffer, so that running out of memory is a Status and not an abort.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

namespace heed {

/// Sizes and positions. Signed, so that differences of positions are plain arithmetic.
using Index = std::ptrdiff_t;

/// The product of sizes that came from a file or a caller; -1, for which no Buffer has room, where
/// one is negative or Index, of 32 bits in WebAssembly, cannot hold it.
template <class... Sizes>
constexpr Index product(Sizes... sizes) {
  if (((sizes < 0) || ...)) return -1;
  if (((sizes == 0) || ...)) return 0;
  Index total = 1;
  const auto multiply = [&](Index size) {
    const bool fits = total <= std::numeric_limits<Index>::max() / size;
    total *= fits ? size : 1;
    return fits;
  };
  return (multiply(sizes) && ...) ? total : -1;
}

/// An owned array of `T`, uninitialised, aligned for any vector register.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Buffer() { release(); }

  /// Replaces the content by `size` uninitialised elements; false where memory is refused, and the
  /// buffer is then empty. An empty buffer of size 0 still has a non-null data().
  [[nodiscard]] bool allocate(Index size) {
    release();
    if (size < 0 || size > std::numeric_limits<Index>::max() / Index(sizeof(T)) - kAlignment) {
      return false;
    }
    const auto bytes = static_cast<std::size_t>(size) * sizeof(T) + kAlignment;
    data_ = static_cast<T*>(::operator new(bytes, std::align_val_t(kAlignment), std::nothrow));
    size_ = data_ != nullptr ? size : 0;
    return data_ != nullptr;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  Index size() const { return size_; }
  T& operator[](Index i) { return data_[i]; }
  const T& operator[](Index i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  static constexpr Index kAlignment = 64;

  void release() {
    ::operator delete(static_cast<void*>(data_), std::align_val_t(kAlignment));
    data_ = nullptr;
    size_ = 0;
  }

  T* data_ = nullptr;
  Index size_ = 0;
};

}  // namespace heed

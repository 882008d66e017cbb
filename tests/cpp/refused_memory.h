// Lets a test refuse one of the library's allocations: those of Buffer, in the order they are made.
#pragma once

namespace heed::test {

/// While it lives, allocation number `which` (from 0) is refused. -1: none, they are only counted.
class RefusedMemory {
 public:
  explicit RefusedMemory(int which);
  ~RefusedMemory();
  RefusedMemory(const RefusedMemory&) = delete;
  RefusedMemory& operator=(const RefusedMemory&) = delete;

  /// Allocations asked for since it began.
  int count() const;
};

}  // namespace heed::test

// How much memory an instance has and uses, in bytes. Doubles: what JavaScript counts with.
#pragma once

#include <emscripten/heap.h>
#include <malloc.h>

namespace heed::wasm {

inline double heap_bytes() { return static_cast<double>(emscripten_get_heap_size()); }

inline double used_bytes() { return static_cast<double>(mallinfo().uordblks); }

}  // namespace heed::wasm

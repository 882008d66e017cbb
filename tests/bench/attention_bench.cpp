// Speed of attention on this machine: the best of some runs, in GFLOP/s of its two matrix products
// (4 * heads * query_length * key_length * head_dim; the hidden half of a causal call counts as
// well).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "attention.h"
#include "kernels/gemm.h"
#include "simd.h"

namespace {

using heed::Index;

template <class F>
double best_seconds(F f) {
  double best = 1e9, total = 0.0;
  for (int n = 0; n < 200 && total < 1.0; ++n) {
    const auto start = std::chrono::steady_clock::now();
    f();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
    total += taken.count();
  }
  return best;
}

std::vector<float> noise(Index size) {
  std::vector<float> values(static_cast<std::size_t>(size));
  unsigned state = 1;
  for (float& value : values) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
  }
  return values;
}

void report(const char* name, double flops, double seconds) {
  std::printf("%-40s %9.3f ms %8.1f GFLOP/s\n", name, 1e3 * seconds, 1e-9 * flops / seconds);
}

void bench_attention(const char* name, Index heads, Index kv_heads, Index queries, Index keys,
                     Index dim, bool causal, bool weights_wanted) {
  const heed::AttentionShape shape = {1, heads, kv_heads, queries, keys, dim, dim};
  const std::vector<float> q = noise(heads * queries * dim), k = noise(kv_heads * keys * dim),
                           v = noise(kv_heads * keys * dim);
  std::vector<float> output(q.size()),
      weights(static_cast<std::size_t>(weights_wanted ? heads * queries * keys : 0));
  heed::AttentionOptions options;
  options.scale = heed::default_scale(dim);
  options.is_causal = causal;
  const std::int32_t offset = static_cast<std::int32_t>(keys - queries);
  options.query_offset = &offset;
  using View = heed::HeadsView<const float>;
  heed::AttentionOutputs outputs;
  outputs.output = heed::HeadsView<float>::Bhld(output.data(), heads, queries, dim);
  outputs.weights = weights_wanted ? weights.data() : nullptr;
  const double seconds = best_seconds([&] {
    (void)heed::attention(
        shape, options,
        {View::Bhld(q.data(), heads, queries, dim), View::Bhld(k.data(), kv_heads, keys, dim),
         View::Bhld(v.data(), kv_heads, keys, dim)},
        outputs);
  });
  const double flops = 4.0 * static_cast<double>(heads * queries) * static_cast<double>(keys * dim);
  report(name, flops, seconds);
}

void bench_multiply(Index rows, Index depth, Index columns) {
  heed::PackedMatrix b;
  if (!b.allocate(depth, columns).ok()) return;
  const std::vector<float> a = noise(rows * depth), values = noise(columns);
  for (Index d = 0; d < depth; ++d) b.set_row(d, values.data());
  std::vector<float> c(static_cast<std::size_t>(rows * columns));
  const double seconds =
      best_seconds([&] { heed::multiply(a.data(), depth, rows, b, c.data(), columns); });
  char name[64];
  std::snprintf(name, sizeof name, "multiply %td x %td x %td", rows, depth, columns);
  report(name, 2.0 * static_cast<double>(rows * depth) * static_cast<double>(columns), seconds);
}

}  // namespace

int main() {
  std::printf("batches of %td floats\n", heed::kWidth);
  bench_multiply(48, 64, 128);
  bench_multiply(512, 768, 768);
  bench_attention("tiled H12 L512 D64", 12, 12, 512, 512, 64, false, false);
  bench_attention("tiled H12 L512 D64 causal", 12, 12, 512, 512, 64, true, false);
  bench_attention("tiled H8 L1024 D64", 8, 8, 1024, 1024, 64, false, false);
  bench_attention("tiled H1 L2048 D128", 1, 1, 2048, 2048, 128, false, false);
  bench_attention("tiled H12 L32 D64", 12, 12, 32, 32, 64, false, false);
  bench_attention("tiled H12 L128 D64", 12, 12, 128, 128, 64, false, false);
  bench_attention("decode H32/8 L1 S2048 D128", 32, 8, 1, 2048, 128, true, false);
  bench_attention("decode H32/8 L1 S256 D128", 32, 8, 1, 256, 128, true, false);
  bench_attention("few queries H12 L16 S512 D64", 12, 12, 16, 512, 64, false, false);
  bench_attention("weights H12 L512 D64", 12, 12, 512, 512, 64, false, true);
  bench_attention("weights H12 L128 D64", 12, 12, 128, 128, 64, false, true);
}

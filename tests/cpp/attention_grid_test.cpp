// Ways to compute attention agree over a grid of random calls with all options
// composed, and a row's result is its own: the same bits whatever other rows
// the call has.
#include <cstdlib>

#include "problem.h"

namespace heed::test {
namespace {

/// Around the sizes of tiles and batches, and primes.
Index odd_length(Random &random) {
  static const Index kLengths[] = {0,  1,  2,  3,   5,   7,   8,   13,  16,  17,  31, 33,
                                   47, 48, 49, 127, 128, 129, 131, 255, 257, 300, 96, 97};
  return kLengths[random.integer(0, 23)];
}

/// Queries and dims of which the tiled kernel reads keys and values where they
/// lie, on machines of any width.
struct FewQueries {
  static constexpr Index kMost = 4;
  static Index dim(Random &random) { return 32 * random.integer(1, 4); }
};

Problem random_call(std::uint32_t seed, bool few_queries = false) {
  Random random(seed);
  static const Index kDims[] = {1, 2, 3, 5, 8, 15, 16, 17, 32, 37, 64};
  AttentionShape shape;
  shape.batch_size = random.integer(1, 2);
  shape.num_kv_heads = random.integer(1, 2);
  shape.num_heads = shape.num_kv_heads * random.integer(1, 3);
  shape.query_length = odd_length(random);
  shape.key_length = odd_length(random);
  shape.head_dim = kDims[random.integer(0, 10)];
  shape.value_dim = kDims[random.integer(0, 10)];
  if (few_queries) {
    shape.query_length = random.integer(1, FewQueries::kMost);
    shape.head_dim = FewQueries::dim(random);
    shape.value_dim = FewQueries::dim(random);
  }
  Problem p = random_problem(shape, random);
  const Index queries = shape.query_length, keys = shape.key_length;
  if (random.chance(3)) p.options.is_causal = true;
  if (random.chance(3)) p.options.window_left = random.integer(0, keys);
  if (random.chance(4)) p.options.window_right = random.integer(0, 40);
  if (random.chance(3)) p.options.softcap = static_cast<float>(random.integer(1, 30));
  if (random.chance(6)) p.options.scale = 0.3f * random.normal();
  for (Index b = 0; b < shape.batch_size; ++b) {
    p.query_offset.push_back(
        static_cast<std::int32_t>(random.chance(2) ? keys - queries : random.integer(-20, 20)));
    p.key_lengths.push_back(static_cast<std::int32_t>(random.integer(0, keys)));
  }
  if (random.chance(2)) p.key_lengths.clear();
  if (random.chance(3)) p.alibi_slopes = random.normals(shape.num_heads, 0.1f);
  if (random.chance(3)) p.sinks = random.normals(shape.num_heads);
  if (random.chance(2)) {
    const auto broadcast = [&](Index full) { return random.chance(2) ? full : 1; };
    p.mask_dims = {broadcast(shape.batch_size), broadcast(shape.num_heads), broadcast(queries),
                   random.chance(3) ? random.integer(0, keys) : broadcast(keys)};
    Index size = 1;
    for (Index side : p.mask_dims) size *= side;
    const bool is_bool = random.chance(2);
    for (Index n = 0; n < size + 1; ++n) {  // never empty, so that its kind is known
      if (is_bool) p.bool_mask.push_back(random.chance(3) ? 0 : 1);
      if (!is_bool) p.float_mask.push_back(random.chance(4) ? -kInf : random.normal());
    }
  }
  return p;
}

int grid_size() { return std::getenv("HEED_EXHAUSTIVE") != nullptr ? 20000 : 400; }

void expect_agreement(bool few_queries) {
  for (int seed = 1; seed <= grid_size() && !testing::Test::HasFailure(); ++seed) {
    const Problem p = random_call(static_cast<std::uint32_t>(seed), few_queries);
    const std::string what = "seed " + std::to_string(seed) + " ";
    const Result want = run(p, Way::kReference);
    // A score of 16 is rounded to 1e-6, and so is the weight that comes of it:
    // larger scores, larger errors, in any f32 arithmetic. (ALiBi makes the
    // largest: slopes here have either sign.)
    double largest = 16.0;
    for (float score : want.masked_scores) {
      if (std::isfinite(score)) largest = std::max(largest, std::abs(double(score)));
    }
    const double atol = 3e-6 * largest / 16.0;
    for (Way way : {Way::kTiled, Way::kMaterialised}) {
      const Result got = run(p, way);
      const std::string which = what + name(way) + " ";
      expect_close(got.output, want.output.data(), atol, 1e-5, which + "output");
      expect_close(got.logsumexp, want.logsumexp.data(), atol, 1e-5, which + "logsumexp");
      expect_close(got.products, want.products.data(), 2e-5, 1e-5, which + "products");
      expect_close(got.scores, want.scores.data(), 2e-5, 1e-5, which + "scores");
      expect_close(got.capped_scores, want.capped_scores.data(), 2e-5, 1e-5, which + "capped");
      expect_close(got.masked_scores, want.masked_scores.data(), 2e-5, 1e-5, which + "masked");
      expect_close(got.weights, want.weights.data(), atol, 1e-5, which + "weights");
    }
  }
}

TEST(Grid, TiledMaterialisedAndReferenceAgree) { expect_agreement(false); }
TEST(Grid, TiledMaterialisedAndReferenceAgreeOnFewQueries) { expect_agreement(true); }

/// The call with queries [begin, end) alone, at the positions they have in the
/// whole.
Problem part(const Problem &p, Index begin, Index end) {
  Problem cut = p;
  const AttentionShape &s = p.shape;
  cut.shape.query_length = end - begin;
  cut.query.clear();
  for (Index bh = 0; bh < s.batch_size * s.num_heads; ++bh) {
    const auto first = p.query.begin() + (bh * s.query_length + begin) * s.head_dim;
    cut.query.insert(cut.query.end(), first, first + (end - begin) * s.head_dim);
  }
  for (std::int32_t &offset : cut.query_offset) offset += static_cast<std::int32_t>(begin);
  cut.mask_dims.clear();
  cut.bool_mask.clear();
  cut.float_mask.clear();
  return cut;
}

Floats rows(const Problem &p, const Floats &values, Index dim, Index begin, Index end) {
  Floats picked;
  for (Index bh = 0; bh < p.shape.batch_size * p.shape.num_heads; ++bh) {
    const auto first = values.begin() + (bh * p.shape.query_length + begin) * dim;
    picked.insert(picked.end(), first, first + (end - begin) * dim);
  }
  return picked;
}

TEST(Grid, SplittingQueriesChangesNoBit) {
  for (int seed = 1; seed <= grid_size() / 4 && !testing::Test::HasFailure(); ++seed) {
    Random random(static_cast<std::uint32_t>(seed));
    Problem p = random_call(static_cast<std::uint32_t>(seed));
    p.mask_dims.clear();
    if (random.chance(3) && !p.value.empty()) {  // poison, somewhere
      p.value[static_cast<std::size_t>(random.integer(0, Index(p.value.size()) - 1))] = kNan;
    }
    if (random.chance(3) && !p.key.empty()) {
      p.key[static_cast<std::size_t>(random.integer(0, Index(p.key.size()) - 1))] = 3e38f;
    }
    const std::string what = "seed " + std::to_string(seed);
    for (Way way : {Way::kTiled, Way::kMaterialised}) {
      const Result whole = run(p, way);
      const Index length = p.shape.query_length;
      const Index cuts[] = {0, random.integer(0, length), length};
      for (int n = 0; n < 2; ++n) {
        const Index begin = cuts[n], end = cuts[n + 1];
        const Result got = run(part(p, begin, end), way);
        expect_identical(got.output, rows(p, whole.output, p.shape.value_dim, begin, end), what);
        expect_identical(got.logsumexp, rows(p, whole.logsumexp, 1, begin, end), what);
      }
    }
  }
}

/// Query i of head h of batch b as a call of its own.
Problem row_of(const Problem &p, Index b, Index h, Index i) {
  const AttentionShape &s = p.shape;
  const Index kv_head = b * s.num_kv_heads + h / (s.num_heads / s.num_kv_heads);
  const auto block = [](const auto &values, Index n, Index size) {
    return std::decay_t<decltype(values)>(values.begin() + n * size,
                                          values.begin() + (n + 1) * size);
  };
  Problem row;
  row.options = p.options;
  row.shape = {1, 1, 1, 1, s.key_length, s.head_dim, s.value_dim};
  row.query = block(p.query, (b * s.num_heads + h) * s.query_length + i, s.head_dim);
  row.key = block(p.key, kv_head, s.key_length * s.head_dim);
  row.value = block(p.value, kv_head, s.key_length * s.value_dim);
  row.query_offset = {p.query_offset[static_cast<std::size_t>(b)] + static_cast<std::int32_t>(i)};
  if (!p.key_lengths.empty()) row.key_lengths = block(p.key_lengths, b, 1);
  if (!p.alibi_slopes.empty()) row.alibi_slopes = block(p.alibi_slopes, h, 1);
  if (!p.sinks.empty()) row.sinks = block(p.sinks, h, 1);
  if (!p.mask_dims.empty()) {
    Index at = 0;
    const Index place[] = {b, h, i};
    for (std::size_t n = 0; n < 3; ++n) {
      at = at * p.mask_dims[n] + (p.mask_dims[n] == 1 ? 0 : place[n]);
    }
    const Index size = p.mask_dims[3];
    row.mask_dims = {size};
    if (!p.bool_mask.empty()) row.bool_mask = block(p.bool_mask, at, size);
    if (!p.float_mask.empty()) row.float_mask = block(p.float_mask, at, size);
    if (!p.bool_mask.empty()) row.bool_mask.push_back(0);  // never empty, so that its kind is known
    if (!p.float_mask.empty()) row.float_mask.push_back(0.0f);
  }
  return row;
}

// Alone, a row of such dims reads keys and values where they lie; in the whole
// call they are packed or not, and its heads share tiles.
TEST(Grid, ARowAloneHasTheSameBits) {
  for (int seed = 1; seed <= grid_size() && !testing::Test::HasFailure(); ++seed) {
    Random random(static_cast<std::uint32_t>(seed));
    Problem p = random_call(static_cast<std::uint32_t>(seed));
    AttentionShape &s = p.shape;
    if (s.query_length == 0) continue;
    if (random.chance(2)) s.query_length = std::min(s.query_length, random.integer(1, 9));
    s.head_dim = FewQueries::dim(random);
    s.value_dim = FewQueries::dim(random);
    const Problem fresh = random_problem(s, random);
    p.query = fresh.query, p.key = fresh.key, p.value = fresh.value;
    if (!p.mask_dims.empty() && p.mask_dims[2] != 1) p.mask_dims[2] = s.query_length;
    for (Floats *values : {&p.query, &p.key, &p.value}) {
      if (!random.chance(4) || values->empty()) continue;
      const float poison[] = {kNan, kInf, 3e38f};
      (*values)[static_cast<std::size_t>(random.integer(0, Index(values->size()) - 1))] =
          poison[random.integer(0, 2)];
    }
    const Result whole = run(p, Way::kTiled);
    for (int n = 0; n < 8; ++n) {
      const Index b = random.integer(0, s.batch_size - 1), h = random.integer(0, s.num_heads - 1),
                  i = random.integer(0, s.query_length - 1);
      const Index at = (b * s.num_heads + h) * s.query_length + i;
      const Result alone = run(row_of(p, b, h, i), Way::kTiled);
      const std::string what = "seed " + std::to_string(seed) + " row " + std::to_string(at);
      const auto first = whole.output.begin() + at * s.value_dim;
      expect_identical(alone.output, Floats(first, first + s.value_dim), what);
      expect_identical(alone.logsumexp, {whole.logsumexp[static_cast<std::size_t>(at)]}, what);
    }
  }
}

TEST(Grid, AnyLayoutGivesTheSameBits) {
  Random random(5);
  const Problem p = random_problem({2, 4, 2, 50, 131, 17, 9}, random);
  const AttentionShape &s = p.shape;
  const Result dense = run(p, Way::kTiled);
  const auto to_blhd = [&](const Floats &x, Index heads, Index length, Index dim) {
    Floats y(x.size());
    for (Index b = 0; b < s.batch_size; ++b) {
      for (Index h = 0; h < heads; ++h) {
        for (Index i = 0; i < length; ++i) {
          std::copy_n(x.begin() + ((b * heads + h) * length + i) * dim, dim,
                      y.begin() + ((b * length + i) * heads + h) * dim);
        }
      }
    }
    return y;
  };
  const Floats q = to_blhd(p.query, 4, 50, 17), k = to_blhd(p.key, 2, 131, 17),
               v = to_blhd(p.value, 2, 131, 9);
  Floats output(dense.output.size(), kNan);
  using View = HeadsView<const float>;
  AttentionOutputs outputs;
  outputs.output = HeadsView<float>::Blhd(output.data(), 4, 50, 9);
  const AttentionInputs inputs = {View::Blhd(q.data(), 4, 50, 17), View::Blhd(k.data(), 2, 131, 17),
                                  View::Blhd(v.data(), 2, 131, 9)};
  ASSERT_TRUE(attention(s, p.finished(), inputs, outputs).ok());
  expect_identical(output, to_blhd(dense.output, 4, 50, 9), "output");
}

}  // namespace
}  // namespace heed::test

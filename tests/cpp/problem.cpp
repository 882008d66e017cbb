#include "problem.h"

#include <cstring>

namespace heed::test {

AttentionOptions Problem::finished() const {
  AttentionOptions all = options;
  const auto pointer = [](const auto& v) { return v.empty() ? nullptr : v.data(); };
  all.query_offset = pointer(query_offset);
  all.key_lengths = pointer(key_lengths);
  all.alibi_slopes = pointer(alibi_slopes);
  all.sinks = pointer(sinks);
  if (!mask_dims.empty()) {
    const bool is_bool = !bool_mask.empty();
    const Status status = AttentionMask::Broadcast(
        is_bool ? AttentionMask::Kind::kBool : AttentionMask::Kind::kFloat,
        is_bool ? static_cast<const void*>(bool_mask.data()) : float_mask.data(), mask_dims.data(),
        static_cast<Index>(mask_dims.size()), shape, &all.mask);
    EXPECT_TRUE(status.ok()) << status.message;
  }
  return all;
}

AttentionInputs Problem::inputs() const {
  using View = HeadsView<const float>;
  return {View::Bhld(query.data(), shape.num_heads, shape.query_length, shape.head_dim),
          View::Bhld(key.data(), shape.num_kv_heads, shape.key_length, shape.head_dim),
          View::Bhld(value.data(), shape.num_kv_heads, shape.key_length, shape.value_dim)};
}

const char* name(Way way) {
  return way == Way::kReference ? "reference" : way == Way::kTiled ? "tiled" : "materialised";
}

Result run(const Problem& problem, Way way) {
  const AttentionShape& s = problem.shape;
  const auto size = [](Index n) { return static_cast<std::size_t>(n); };
  Result result;
  result.output.assign(size(problem.rows() * s.value_dim), kNan);
  result.logsumexp.assign(size(problem.rows()), kNan);
  AttentionOutputs outputs;
  outputs.output =
      HeadsView<float>::Bhld(result.output.data(), s.num_heads, s.query_length, s.value_dim);
  outputs.logsumexp = result.logsumexp.data();
  if (way != Way::kTiled) {
    const std::size_t matrix = size(problem.rows() * s.key_length);
    const auto stage = [&](Floats& values) {
      values.assign(matrix + 1,
                    kNan);  // never null, so that no stage of an empty matrix is "not wanted"
      return values.data();
    };
    outputs.products = stage(result.products);
    outputs.scores = stage(result.scores);
    outputs.capped_scores = stage(result.capped_scores);
    outputs.masked_scores = stage(result.masked_scores);
    outputs.weights = stage(result.weights);
  }
  const auto call = way == Way::kReference ? reference_attention : attention;
  const Status status = call(s, problem.finished(), problem.inputs(), outputs);
  EXPECT_TRUE(status.ok()) << status.message;
  for (Floats* stage : {&result.products, &result.scores, &result.capped_scores,
                        &result.masked_scores, &result.weights}) {
    if (!stage->empty()) stage->pop_back();
  }
  return result;
}

void expect_close(const Floats& got, const float* want, double atol, double rtol,
                  const std::string& what) {
  for (std::size_t n = 0; n < got.size(); ++n) {
    const double w = want[n], g = got[n];
    const bool same = w == g || (std::isnan(w) && std::isnan(g));
    const bool close = std::isfinite(w) && std::abs(g - w) <= atol + rtol * std::abs(w);
    if (!same && !close) {
      ADD_FAILURE() << what << "[" << n << "] is " << g << ", expected " << w << " +- "
                    << atol + rtol * std::abs(w);
      return;
    }
  }
}

void expect_identical(const Floats& got, const Floats& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t n = 0; n < got.size(); ++n) {
    if (std::memcmp(&got[n], &want[n], sizeof(float)) != 0) {
      ADD_FAILURE() << what << "[" << n << "] is " << got[n] << ", expected the bits of "
                    << want[n];
      return;
    }
  }
}

Index Random::integer(Index low, Index high) {
  return low + static_cast<Index>(engine_() % static_cast<std::uint32_t>(high - low + 1));
}

bool Random::chance(Index one_in) { return integer(1, one_in) == 1; }

float Random::normal() {
  double sum = -6.0;
  for (int n = 0; n < 12; ++n) sum += engine_() / 4294967296.0;
  return static_cast<float>(sum);
}

Floats Random::normals(Index size, float factor) {
  Floats values(static_cast<std::size_t>(size));
  for (float& value : values) value = factor * normal();
  return values;
}

Problem random_problem(const AttentionShape& shape, Random& random) {
  Problem p;
  p.shape = shape;
  p.options.scale = default_scale(shape.head_dim);
  const Index b = shape.batch_size;
  p.query = random.normals(b * shape.num_heads * shape.query_length * shape.head_dim);
  p.key = random.normals(b * shape.num_kv_heads * shape.key_length * shape.head_dim);
  p.value = random.normals(b * shape.num_kv_heads * shape.key_length * shape.value_dim);
  return p;
}

Problem random_problem(Index query_length, Index key_length, Index head_dim, Index value_dim,
                       std::uint32_t seed) {
  Random random(seed);
  return random_problem({1, 1, 1, query_length, key_length, head_dim, value_dim}, random);
}

}  // namespace heed::test

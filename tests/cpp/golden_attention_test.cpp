// The golden attention cases: reference, tiled and materialised attention against PyTorch in f64,
// with each case's own tolerance.
#include "fixture.h"
#include "problem.h"

namespace heed::test {
namespace {

Floats floats(const Case& c, const std::string& name) {
  const float* data = c.f32(name);
  return data == nullptr ? Floats() : Floats(data, data + c.tensor(name).size());
}

void expect_tensor(const Case& c, const std::string& name, const Floats& got, Way way) {
  if (!c.has(name)) return;
  const Json& tolerance = c.json["tolerance"][name];
  ASSERT_EQ(static_cast<Index>(got.size()), c.tensor(name).size()) << name;
  expect_close(got, c.f32(name), tolerance["atol"].number, tolerance["rtol"].number,
               c.id + " " + test::name(way) + " " + name);
}

void expect_stages(const Case& c, const Problem& problem, Way way) {
  const Result result = run(problem, way);
  expect_tensor(c, "out", result.output, way);
  expect_tensor(c, "lse", result.logsumexp, way);
  if (way == Way::kTiled) return;
  expect_tensor(c, "scores_raw", result.products, way);
  expect_tensor(c, "scores_scaled", result.scores, way);
  expect_tensor(c, "scores_softcapped", result.capped_scores, way);
  expect_tensor(c, "scores_masked", result.masked_scores, way);
  expect_tensor(c, "weights", result.weights, way);
}

/// What all kinds have in common: options, slopes and sinks.
Problem read_options(const Case& c) {
  Problem p;
  const Json& attrs = c.attrs();
  p.shape.batch_size = c.attr("batch");
  p.shape.num_heads = c.attr("heads_q");
  p.shape.num_kv_heads = c.attr("heads_kv");
  p.shape.head_dim = c.attr("dim_qk");
  p.shape.value_dim = c.attr("dim_v");
  p.options.scale = attrs["scale"].as_float();
  p.options.is_causal = static_cast<bool>(attrs["causal"]);
  p.options.window_left = c.attr("window_left");
  p.options.window_right = c.attr("window_right");
  p.options.softcap = attrs["softcap"].as_float();
  for (const Json& offset : attrs["q_offset"].items) {
    p.query_offset.push_back(static_cast<std::int32_t>(offset.number));
  }
  if (p.query_offset.size() == 1) {
    p.query_offset.resize(static_cast<std::size_t>(p.shape.batch_size), p.query_offset[0]);
  }
  p.query = floats(c, "q");
  p.alibi_slopes = floats(c, "alibi_slopes");
  p.sinks = floats(c, "sinks");
  return p;
}

class GoldenAttention : public testing::TestWithParam<std::string> {};
class GoldenCache : public testing::TestWithParam<std::string> {};
class GoldenCacheTrace : public testing::TestWithParam<std::string> {};
class GoldenVarlen : public testing::TestWithParam<std::string> {};

TEST_P(GoldenAttention, EveryStage) {
  const Case c = read_case("attention", GetParam());
  Problem p = read_options(c);
  p.shape.query_length = c.attr("len_q");
  p.shape.key_length = c.attr("len_k");
  p.key = floats(c, "k");
  p.value = floats(c, "v");
  if (c.has("key_lens")) {
    const Tensor& lengths = c.tensor("key_lens");
    p.key_lengths.assign(lengths.i32(), lengths.i32() + lengths.size());
  }
  if (c.has("mask")) {
    const Tensor& mask = c.tensor("mask");
    p.mask_dims = mask.shape;
    if (mask.dtype == "U8") p.bool_mask.assign(mask.u8(), mask.u8() + mask.size());
    if (mask.dtype == "F32") p.float_mask = floats(c, "mask");
  }
  for (Way way : kWays) expect_stages(c, p, way);
  if (c.has("lse_without_sink")) {
    p.sinks.clear();
    for (Way way : kWays) expect_tensor(c, "lse_without_sink", run(p, way).logsumexp, way);
  }
}

/// Past and new keys joined: the past's rows at their places, the new ones appended.
Floats join(const Problem& p, Index past_length, Index dim, const Floats& past,
            const Floats& rows) {
  const Index new_length = p.shape.key_length - past_length;
  Floats present(static_cast<std::size_t>(p.shape.batch_size * p.shape.num_kv_heads *
                                          p.shape.key_length * dim));
  const Index size = past_length * dim, stride = p.shape.key_length * dim;
  for (Index h = 0; h < p.shape.batch_size * p.shape.num_kv_heads; ++h) {
    std::copy_n(past.begin() + h * size, size, present.begin() + h * stride);
  }
  append_to_past(p.shape, past_length, dim,
                 HeadsView<const float>::Bhld(rows.data(), p.shape.num_kv_heads, new_length, dim),
                 present.data());
  return present;
}

TEST_P(GoldenCache, PastAndNewKeys) {
  const Case c = read_case("attention", GetParam());
  Problem p = read_options(c);
  const Index past = c.attr("len_past");
  p.shape.query_length = c.attr("len_new");
  p.shape.key_length = past + c.attr("len_new");
  p.key = join(p, past, p.shape.head_dim, floats(c, "k_past"), floats(c, "k_new"));
  p.value = join(p, past, p.shape.value_dim, floats(c, "v_past"), floats(c, "v_new"));
  for (Way way : kWays) expect_stages(c, p, way);
  if (c.has("lse_without_sink")) {
    p.sinks.clear();
    for (Way way : kWays) expect_tensor(c, "lse_without_sink", run(p, way).logsumexp, way);
  }
}

/// Rows [begin, end) of every head of x [heads, length, dim].
Floats rows_of(const Floats& x, Index heads, Index length, Index dim, Index begin, Index end) {
  Floats rows;
  for (Index h = 0; h < heads; ++h) {
    const auto first = x.begin() + (h * length + begin) * dim;
    rows.insert(rows.end(), first, first + (end - begin) * dim);
  }
  return rows;
}

TEST_P(GoldenCacheTrace, EveryChunkIsItsRows) {
  const Case c = read_case("attention", GetParam());
  const Problem all = read_options(c);
  const Index length = c.attr("len"), dim = all.shape.head_dim;
  const Index heads = all.shape.num_heads, kv_heads = all.shape.num_kv_heads;
  const Json& tolerance = c.json["tolerance"];
  for (Way way : kWays) {
    Index begin = 0;
    for (const Json& step : c.attrs()["steps"].items) {
      const Index end = begin + step.as_index();
      Problem p = all;
      p.shape.query_length = end - begin;
      p.shape.key_length = end;
      p.query_offset = {static_cast<std::int32_t>(begin)};
      p.query = rows_of(all.query, heads, length, dim, begin, end);
      p.key = rows_of(floats(c, "k"), kv_heads, length, dim, 0, end);
      p.value = rows_of(floats(c, "v"), kv_heads, length, dim, 0, end);
      const Result result = run(p, way);
      const Floats out = rows_of(floats(c, "out"), heads, length, dim, begin, end);
      const Floats lse = rows_of(floats(c, "lse"), heads, length, 1, begin, end);
      expect_close(result.output, out.data(), tolerance["out"]["atol"].number,
                   tolerance["out"]["rtol"].number, c.id + " out");
      expect_close(result.logsumexp, lse.data(), tolerance["lse"]["atol"].number,
                   tolerance["lse"]["rtol"].number, c.id + " lse");
      begin = end;
    }
    EXPECT_EQ(begin, length);
  }
}

/// Sequences of a packed batch are views into it: [total, heads, dim].
TEST_P(GoldenVarlen, SequencesAsViews) {
  const Case c = read_case("attention", GetParam());
  const Problem all = read_options(c);
  const AttentionShape& s = all.shape;
  const Floats key = floats(c, "k"), value = floats(c, "v");
  const Index total = c.tensor("q").shape[0];
  const Json& tolerance = c.json["tolerance"];
  for (bool captured : {false, true}) {
    Floats out(c.tensor("out").bytes.size() / sizeof(float), kNan);
    Floats lse(c.tensor("lse").bytes.size() / sizeof(float), kNan);
    for (Index n = 0; n < c.attr("num_seqs"); ++n) {
      const std::int32_t* cu_q = c.tensor("cu_seqlens_q").i32();
      const std::int32_t* cu_k = c.tensor("cu_seqlens_k").i32();
      AttentionShape shape = s;
      shape.batch_size = 1;
      shape.query_length = cu_q[n + 1] - cu_q[n];
      shape.key_length = cu_k[n + 1] - cu_k[n];
      AttentionOptions options = all.options;
      const auto offset = static_cast<std::int32_t>(shape.key_length - shape.query_length);
      options.query_offset = &offset;
      const AttentionInputs inputs = {{all.query.data() + cu_q[n] * s.num_heads * s.head_dim, 0,
                                       s.head_dim, s.num_heads * s.head_dim},
                                      {key.data() + cu_k[n] * s.num_kv_heads * s.head_dim, 0,
                                       s.head_dim, s.num_kv_heads * s.head_dim},
                                      {value.data() + cu_k[n] * s.num_kv_heads * s.value_dim, 0,
                                       s.value_dim, s.num_kv_heads * s.value_dim}};
      Floats logsumexp(static_cast<std::size_t>(s.num_heads * shape.query_length + 1));
      Floats weights(
          static_cast<std::size_t>(s.num_heads * shape.query_length * shape.key_length + 1));
      AttentionOutputs outputs;
      outputs.output = {out.data() + cu_q[n] * s.num_heads * s.value_dim, 0, s.value_dim,
                        s.num_heads * s.value_dim};
      outputs.logsumexp = logsumexp.data();
      outputs.weights = captured ? weights.data() : nullptr;
      const Status status = attention(shape, options, inputs, outputs);
      ASSERT_TRUE(status.ok()) << status.message;
      for (Index h = 0; h < s.num_heads; ++h) {
        std::copy_n(logsumexp.begin() + h * shape.query_length, shape.query_length,
                    lse.begin() + h * total + cu_q[n]);
      }
    }
    expect_close(out, c.f32("out"), tolerance["out"]["atol"].number,
                 tolerance["out"]["rtol"].number, c.id + " out");
    expect_close(lse, c.f32("lse"), tolerance["lse"]["atol"].number,
                 tolerance["lse"]["rtol"].number, c.id + " lse");
  }
}

std::string case_name(const testing::TestParamInfo<std::string>& info) { return info.param; }

std::vector<std::string> ids(const std::string& kind) { return case_ids("attention", {kind}); }

INSTANTIATE_TEST_SUITE_P(All, GoldenAttention, testing::ValuesIn(ids("attention")), case_name);
INSTANTIATE_TEST_SUITE_P(All, GoldenCache, testing::ValuesIn(ids("kv_cache")), case_name);
INSTANTIATE_TEST_SUITE_P(All, GoldenCacheTrace, testing::ValuesIn(ids("kv_cache_trace")),
                         case_name);
INSTANTIATE_TEST_SUITE_P(All, GoldenVarlen, testing::ValuesIn(ids("varlen")), case_name);

TEST(GoldenCases, AllAttentionCasesAreRun) {
  std::size_t count = 0;
  for (const char* kind : {"attention", "kv_cache", "kv_cache_trace", "varlen"}) {
    count += ids(kind).size();
  }
  EXPECT_EQ(count, 108u);
}

}  // namespace
}  // namespace heed::test

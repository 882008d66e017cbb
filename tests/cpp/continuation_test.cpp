// Causal models continuing a text: transformers' greedy tokens, and the cache against the whole
// text.
#include "checkpoint.h"

namespace heed::test {
namespace {

constexpr double kTolerance =
    1e-5;  // of results computed in another order, relative to the largest

std::int32_t argmax(const std::vector<float>& logits) {
  return std::int32_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

class Continuation : public testing::TestWithParam<const char*> {
 protected:
  const std::unique_ptr<Model> model = make_filled(golden_checkpoint(GetParam()));
  const ModelConfig& config = model->config();
  const Json expected =
      read_json(fixtures() + "/golden/models/" + std::string(GetParam()) + "/expected.json");
  const Ids prompt = ids_of(expected["greedy"]["prompt_ids"]);
};

INSTANTIATE_TEST_SUITE_P(Models, Continuation,
                         testing::Values("gpt2", "sharded-gpt2", "llama", "llama-oldrope",
                                         "mistral", "qwen2", "bf16-llama"),
                         test_name);

TEST_P(Continuation, ThroughTheCacheIsGreedyAsTransformers) {
  const Ids generated = ids_of(expected["greedy"]["generated_ids"]);
  ASSERT_EQ(generated.size(), 16u);

  KvCache cache;
  ASSERT_TRUE(model->make_cache(Index(prompt.size() + generated.size()), &cache).ok());
  ForwardOptions options;
  options.cache = &cache;
  Ids text = prompt, next = prompt;
  for (const std::int32_t id : generated) {
    const Index dim = model->config().model_dim;
    const auto last_logits = [&](const ModelRun& r) {
      EXPECT_TRUE(r.status.ok()) << r.status.message;
      return logits_of(*model, rows_of(r.final_hidden, r.n - 1, r.n, dim));
    };
    const auto logits = last_logits(run(*model, next, options, false));
    ASSERT_EQ(argmax(logits), id) << "after " << text.size() << " tokens";
    // Bit for bit: a row of any result depends on that row alone.
    EXPECT_EQ(logits, last_logits(run(*model, text, {}, false)));
    text.push_back(id);
    next = {id};
  }
}

TEST_P(Continuation, CachedPartsEqualTheWhole) {
  const Ids& ids = prompt;
  const auto n = Index(ids.size());
  const ModelRun whole = run(*model, ids);
  ASSERT_TRUE(whole.status.ok()) << whole.status.message;
  KvCache cache;
  ASSERT_TRUE(model->make_cache(n, &cache).ok());
  ForwardOptions options;
  options.cache = &cache;
  Index past = 0;
  for (const Index length : {Index(4), Index(1), n - 5}) {
    const ModelRun part = run(*model, {ids.begin() + past, ids.begin() + past + length}, options);
    ASSERT_TRUE(part.status.ok()) << part.status.message;
    EXPECT_EQ(cache.length, past + length);
    EXPECT_LE(relative_error(part.final_hidden,
                             rows_of(whole.final_hidden, past, past + length, config.model_dim)),
              kTolerance);
    // Weights [layers * heads, length, past + length] are the whole's rows and first columns.
    std::vector<float> weights, keys;
    for (Index head = 0; head < config.num_layers * config.num_heads; ++head) {
      for (Index i = past; i < past + length; ++i) {
        const auto row = whole.weights.begin() + (head * n + i) * n;
        weights.insert(weights.end(), row, row + past + length);
      }
    }
    for (Index head = 0; head < config.num_layers * config.num_kv_heads; ++head) {
      const auto rows =
          rows_of(whole.key, head * n + past, head * n + past + length, config.head_dim);
      keys.insert(keys.end(), rows.begin(), rows.end());
    }
    EXPECT_LE(relative_error(part.weights, weights), kTolerance);
    EXPECT_LE(relative_error(part.key, keys), kTolerance);
    past += length;
  }
}

}  // namespace
}  // namespace heed::test

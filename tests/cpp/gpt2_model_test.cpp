// GPT-2's cache and the variants of its config.
#include "checkpoint.h"

namespace heed::test {
namespace {

constexpr double kTolerance =
    1e-5;  // of results computed in another order, relative to the largest

class Gpt2Model : public testing::Test {
 protected:
  // A model of the same weights under another config.
  ModelRun run_with(void (*change)(ModelConfig*)) const {
    Checkpoint changed = checkpoint;
    change(&changed.config);
    return run(*make_filled(changed), ids);
  }

  const Checkpoint checkpoint = golden_checkpoint("gpt2");
  const ModelConfig& config = checkpoint.config;
  const std::unique_ptr<Model> model = make_filled(checkpoint);
  const Ids ids = {267, 274, 286, 260, 286, 266, 77, 258, 275, 286, 311};
  const Index n = Index(ids.size());
};

TEST_F(Gpt2Model, CacheRefusesWhatItHasNoRoomFor) {
  KvCache cache;
  EXPECT_EQ(model->make_cache(0, &cache).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(model->make_cache(config.max_length + 1, &cache).code, StatusCode::kInvalidArgument);
  ASSERT_TRUE(model->make_cache(4, &cache).ok());
  ForwardOptions options;
  options.cache = &cache;
  ASSERT_TRUE(run(*model, {1, 2, 3}, options).status.ok());
  const Status full = run(*model, {4, 5}, options).status;
  EXPECT_EQ(full.code, StatusCode::kInvalidArgument);
  EXPECT_EQ(full.message, "the cache has room for 1 more tokens, given 2");
  EXPECT_EQ(cache.length, 3);

  options.is_causal = false;
  EXPECT_EQ(run(*model, {4}, options).status.code, StatusCode::kInvalidArgument);
  options.is_causal.reset();
  EXPECT_TRUE(run(*model, {4}, options).status.ok());  // a refusal left the cache as it was

  ASSERT_TRUE(model->make_cache(config.max_length, &cache).ok());
  ASSERT_TRUE(run(*model, Ids(std::size_t(config.max_length), 1), options, false).status.ok());
  EXPECT_EQ(run(*model, {4}, options).status.code, StatusCode::kInvalidArgument);

  KvCache foreign;
  ASSERT_TRUE(make_filled(golden_checkpoint("sharded-gpt2"))->make_cache(8, &foreign).ok());
  options.cache = &foreign;
  EXPECT_EQ(run(*model, {4}, options).status.message,
            "the cache is not one of this model's make_cache");
}

TEST_F(Gpt2Model, CacheOfALongerModelDoesNotExtendThisOne) {
  Checkpoint short_checkpoint = checkpoint;
  short_checkpoint.config.max_length = 4;
  Tensor& positions = short_checkpoint.tensors.at("transformer.wpe.weight");
  positions = tensor_of({4, config.model_dim}, rows_of(floats(positions), 0, 4, config.model_dim));
  const auto short_model = make_filled(short_checkpoint);
  KvCache cache;
  ASSERT_TRUE(model->make_cache(8, &cache).ok());
  ForwardOptions options;
  options.cache = &cache;
  ASSERT_TRUE(run(*short_model, {1, 2, 3}, options).status.ok());
  EXPECT_EQ(run(*short_model, {4, 5}, options).status.message,
            "length is 2 after 3 tokens in the cache, expected 1 to 1");
}

TEST_F(Gpt2Model, NotCausalSeesTheFuture) {
  ForwardOptions options;
  options.is_causal = false;
  options.use_positions = false;
  const ModelRun r = run(*model, ids, options);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  EXPECT_EQ(r.masked_scores, r.scores);
  EXPECT_GT(*std::min_element(r.weights.begin(), r.weights.end()), 0.0f);
  // Nothing is left that tells order.
  const ModelRun back = run(*model, {ids.rbegin(), ids.rend()}, options);
  EXPECT_LE(relative_error(rows_of(back.final_hidden, n - 1, n, config.model_dim),
                           rows_of(r.final_hidden, 0, 1, config.model_dim)),
            kTolerance);
}

TEST_F(Gpt2Model, AblatingAllHeadsLeavesEachTokenAlone) {
  const std::vector<std::uint8_t> ablated(std::size_t(config.num_layers * config.num_heads), 1);
  ForwardOptions options;
  options.ablated_heads = ablated.data();
  options.use_positions = false;
  const ModelRun r = run(*model, ids, options);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  EXPECT_EQ(r.context, std::vector<float>(r.context.size(), 0.0f));
  const ModelRun last = run(*model, {ids.back()}, options);
  EXPECT_EQ(last.final_hidden, rows_of(r.final_hidden, n - 1, n, config.model_dim));
}

TEST_F(Gpt2Model, ScalesAsItsConfigSays) {
  // The products of the first layer do not depend on the scale, so scores do by its factor alone.
  const ModelRun r = run(*model, ids);
  const Index first = config.num_heads * n * n;
  const auto layer_scores = [&](const ModelRun& result, Index layer, float factor) {
    std::vector<float> scores(result.products.begin() + layer * first,
                              result.products.begin() + (layer + 1) * first);
    for (float& score : scores) score *= factor;
    return scores;
  };
  const auto scores = [&](const ModelRun& result, Index layer) {
    return rows_of(result.scores, layer * first, (layer + 1) * first, 1);
  };
  const float scale = default_scale(config.head_dim);
  EXPECT_LE(relative_error(scores(r, 1), layer_scores(r, 1, scale)), 1e-6);

  const ModelRun unscaled = run_with([](ModelConfig* c) { c->attention_scale = 1.0f; });
  EXPECT_LE(relative_error(scores(unscaled, 0), layer_scores(r, 0, 1.0f)), 1e-6);

  const ModelRun by_layer = run_with([](ModelConfig* c) { c->scale_attention_by_layer = true; });
  EXPECT_LE(relative_error(scores(by_layer, 0), layer_scores(r, 0, scale)), 1e-6);
  EXPECT_LE(relative_error(scores(by_layer, 1), layer_scores(by_layer, 1, scale / 2)), 1e-6);

  ForwardOptions options;  // the option replaces whatever the config says, in every layer
  options.scale = 0.25f;
  const ModelRun chosen = run(*model, ids, options);
  EXPECT_LE(relative_error(scores(chosen, 1), layer_scores(chosen, 1, 0.25f)), 1e-6);
}

TEST_F(Gpt2Model, WindowsShowTheWeightsOfTheRun) {
  Checkpoint by_layer = checkpoint;
  by_layer.config.scale_attention_by_layer = true;
  const auto other = make_filled(by_layer);
  EXPECT_LE(window_error(*model, run(*model, ids), {}), 1e-6);
  EXPECT_LE(window_error(*other, run(*other, ids), {}), 1e-6);
  EXPECT_GT(window_error(*model, run(*other, ids), {}), 1e-3);
}

TEST_F(Gpt2Model, AttentionIsProjectedFromItsInputAndToItsOutput) {
  const ModelRun r = run(*model, ids);
  const Index dim = config.model_dim;
  for (Index l = 0; l < config.num_layers; ++l) {
    const std::string name = "transformer.h." + std::to_string(l) + ".attn.";
    const auto projected = [&](const std::vector<float>& x, const std::string& layer) {
      return plain_linear(x, checkpoint.tensors.at(name + layer + ".weight"),
                          checkpoint.tensors.at(name + layer + ".bias"), true);
    };
    const auto input = rows_of(r.attention_input, l * n, (l + 1) * n, dim);
    std::vector<float> all, queries = concat_heads(config, r.query, l, n),
                            keys = concat_heads(config, r.key, l, n),
                            values = concat_heads(config, r.value, l, n);
    for (Index i = 0; i < n; ++i) {
      for (const auto* rows : {&queries, &keys, &values}) {
        all.insert(all.end(), rows->begin() + i * dim, rows->begin() + (i + 1) * dim);
      }
    }
    EXPECT_LE(relative_error(all, projected(input, "c_attn")), kTolerance);
    const auto output = rows_of(r.attention_output, l * n, (l + 1) * n, dim);
    EXPECT_LE(relative_error(output, projected(concat_heads(config, r.context, l, n), "c_proj")),
              kTolerance);
  }
}

TEST_F(Gpt2Model, ActivatesAsItsConfigSays) {
  const ModelRun tanh = run(*model, ids);
  const ModelRun exact = run_with([](ModelConfig* c) { c->activation = Activation::kGelu; });
  const ModelRun relu = run_with([](ModelConfig* c) { c->activation = Activation::kRelu; });
  const ModelRun silu = run_with([](ModelConfig* c) { c->activation = Activation::kSilu; });
  // GELU and its approximation differ by 5e-4 at most; the others are other functions.
  EXPECT_GT(relative_error(exact.final_hidden, tanh.final_hidden), 1e-5);
  EXPECT_LT(relative_error(exact.final_hidden, tanh.final_hidden), 1e-2);
  EXPECT_GT(relative_error(relu.final_hidden, tanh.final_hidden), 1e-2);
  EXPECT_GT(relative_error(silu.final_hidden, tanh.final_hidden), 1e-2);
}

// An enormous epsilon leaves a normalisation's bias alone: each token then hears the same from
// every layer, and its last hidden state is the last bias.
TEST_F(Gpt2Model, NormalisesWithTheEpsilonOfItsConfig) {
  const ModelRun r = run_with([](ModelConfig* c) { c->norm_epsilon = 1e14f; });
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  const Index dim = config.model_dim;
  const auto update = [&](Index i) {  // what the first layer adds to token i
    std::vector<float> before = rows_of(r.hidden, i, i + 1, dim);
    std::vector<float> after = rows_of(r.hidden, n + i, n + i + 1, dim);
    for (std::size_t d = 0; d < after.size(); ++d) after[d] -= before[d];
    return after;
  };
  for (Index i = 0; i < n; ++i) {
    EXPECT_LE(relative_error(update(i), update(0)), kTolerance);
    EXPECT_LE(relative_error(rows_of(r.final_hidden, i, i + 1, dim),
                             floats(checkpoint.tensors.at("transformer.ln_f.bias"))),
              kTolerance);
  }
}

TEST_F(Gpt2Model, HasNoTokenTypes) {
  Ids types(ids.size(), 0);
  ForwardOptions options;
  options.token_types = types.data();
  EXPECT_EQ(run(*model, ids, options).final_hidden, run(*model, ids).final_hidden);
  types[1] = 1;
  EXPECT_EQ(run(*model, ids, options).status.message,
            "the token type at position 1 is 1, expected 0 to 0");
}

}  // namespace
}  // namespace heed::test

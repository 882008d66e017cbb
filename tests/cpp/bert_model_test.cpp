// BERT's intermediate results and "what if" options, against what they are by definition.
#include "checkpoint.h"

namespace heed::test {
namespace {

constexpr double kTolerance =
    1e-5;  // of results computed in another order, relative to the largest

class BertModel : public testing::Test {
 protected:
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const ModelConfig& config = checkpoint.config;
  const std::unique_ptr<Model> model = make_filled(checkpoint);
  const Ids ids = {2, 238, 217, 52, 306, 48, 132, 238, 199, 138, 3};
  const Index n = Index(ids.size());
  const Index num_matrices = config.num_layers * config.num_heads;
};

TEST_F(BertModel, StagesFollowFromOneAnother) {
  const ModelRun r = run(*model, ids);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  std::vector<float> products, scores, weights, logsumexp, context;
  for (Index head = 0; head < num_matrices; ++head) {
    for (Index i = 0; i < n; ++i) {
      std::vector<double> exps;
      double sum = 0;
      for (Index j = 0; j < n; ++j) {
        double product = 0;
        for (Index d = 0; d < config.head_dim; ++d) {
          product += double(r.query[std::size_t((head * n + i) * config.head_dim + d)]) *
                     double(r.key[std::size_t((head * n + j) * config.head_dim + d)]);
        }
        const double score = product / std::sqrt(double(config.head_dim));
        products.push_back(float(product));
        scores.push_back(float(score));
        sum += exps.emplace_back(std::exp(score));
      }
      for (const double exp : exps) weights.push_back(float(exp / sum));
      logsumexp.push_back(float(std::log(sum)));
      for (Index d = 0; d < config.head_dim; ++d) {
        double value = 0;
        for (Index j = 0; j < n; ++j) {
          value += exps[std::size_t(j)] / sum *
                   double(r.value[std::size_t((head * n + j) * config.head_dim + d)]);
        }
        context.push_back(float(value));
      }
    }
  }
  EXPECT_LE(relative_error(r.products, products), kTolerance);
  EXPECT_LE(relative_error(r.scores, scores), kTolerance);
  EXPECT_EQ(r.capped_scores, r.scores);
  EXPECT_EQ(r.masked_scores, r.scores);
  EXPECT_LE(relative_error(r.weights, weights), kTolerance);
  EXPECT_LE(relative_error(r.logsumexp, logsumexp), kTolerance);
  EXPECT_LE(relative_error(r.context, context), kTolerance);
}

TEST_F(BertModel, AttentionIsProjectedFromItsInputAndToItsOutput) {
  const ModelRun r = run(*model, ids);
  const Index dim = config.model_dim;
  for (Index l = 0; l < config.num_layers; ++l) {
    const std::string name = "bert.encoder.layer." + std::to_string(l) + ".attention.";
    const auto projected = [&](const std::vector<float>& x, const std::string& layer) {
      return plain_linear(x, checkpoint.tensors.at(name + layer + ".weight"),
                          checkpoint.tensors.at(name + layer + ".bias"), false);
    };
    const auto input = rows_of(r.attention_input, l * n, (l + 1) * n, dim);
    EXPECT_EQ(input, rows_of(r.hidden, l * n, (l + 1) * n, dim));
    EXPECT_LE(relative_error(concat_heads(config, r.query, l, n), projected(input, "self.query")),
              kTolerance);
    EXPECT_LE(relative_error(rows_of(r.attention_output, l * n, (l + 1) * n, dim),
                             projected(concat_heads(config, r.context, l, n), "output.dense")),
              kTolerance);
  }
}

TEST_F(BertModel, EachHeadsOutputIsTheProjectionOfItsContextAlone) {
  const Index heads = config.num_heads, dim = config.model_dim;
  std::vector<std::uint8_t> ablated(std::size_t(config.num_layers * heads), 0);
  ablated[0] = 1;
  ForwardOptions options;
  options.ablated_heads = ablated.data();
  const ModelRun r = run(*model, ids, options);
  for (Index l = 0; l < config.num_layers; ++l) {
    const std::string name = "bert.encoder.layer." + std::to_string(l) + ".attention.output.dense";
    const Tensor& weight = checkpoint.tensors.at(name + ".weight");
    const Tensor& bias = checkpoint.tensors.at(name + ".bias");
    const std::vector<float> b = floats(bias);
    const std::size_t width = b.size();
    std::vector<float> rest = rows_of(r.attention_output, l * n, (l + 1) * n, dim);
    for (Index h = 0; h < heads; ++h) {
      const auto got = rows_of(r.head_outputs, (l * heads + h) * n, (l * heads + h + 1) * n, dim);
      std::vector<float> context = concat_heads(config, r.context, l, n);
      for (std::size_t i = 0; i < context.size(); ++i) {
        if (Index(i) % dim / config.head_dim != h) context[i] = 0.0f;
      }
      std::vector<float> want = plain_linear(context, weight, bias, false);
      for (std::size_t i = 0; i < want.size(); ++i) {
        want[i] -= b[i % width];
        rest[i] -= got[i];
      }
      EXPECT_LE(relative_error(got, want), kTolerance);
      if (l == 0 && h == 0) {
        EXPECT_EQ(got, std::vector<float>(got.size(), 0.0f));
      }
    }
    // What the heads leave of the whole is the bias, the same for every token.
    for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_NEAR(rest[i], b[i % width], 1e-6);
  }
}

TEST_F(BertModel, AMaskOfCellsHidesThemInEveryLayerAndHead) {
  std::vector<std::uint8_t> mask(std::size_t(n * n), 1);
  ForwardOptions options, causal;
  options.attention_mask = mask.data();
  EXPECT_EQ(run(*model, ids, options).weights, run(*model, ids).weights);
  // The triangle that is_causal hides, cell by cell.
  for (Index i = 0; i < n; ++i) {
    for (Index j = i + 1; j < n; ++j) mask[std::size_t(i * n + j)] = 0;
  }
  causal.is_causal = true;
  const ModelRun hidden = run(*model, ids, options);
  ASSERT_TRUE(hidden.status.ok()) << hidden.status.message;
  EXPECT_EQ(hidden.masked_scores, run(*model, ids, causal).masked_scores);
  EXPECT_EQ(hidden.weights, run(*model, ids, causal).weights);
  // It joins what is hidden already; a row that sees nothing gives nothing.
  std::fill(mask.begin(), mask.end(), std::uint8_t{1});
  mask[0] = 0;
  causal.attention_mask = mask.data();
  const ModelRun blind = run(*model, ids, causal);
  for (Index head = 0; head < num_matrices; ++head) {
    EXPECT_EQ(rows_of(blind.weights, head * n, head * n + 1, n),
              std::vector<float>(std::size_t(n), 0.0f));
    EXPECT_EQ(rows_of(blind.context, head * n, head * n + 1, config.head_dim),
              std::vector<float>(std::size_t(config.head_dim), 0.0f));
  }
}

TEST_F(BertModel, WindowsShowTheWeightsOfTheRun) {
  EXPECT_LE(window_error(*model, run(*model, ids), {}), 1e-6);
  std::vector<std::uint8_t> mask(std::size_t(n * n), 1);
  mask[5] = mask[std::size_t(3 * n)] = 0;
  ForwardOptions options;
  options.is_causal = true;
  options.scale = 0.75f;
  options.attention_mask = mask.data();
  const ModelRun r = run(*model, ids, options);
  EXPECT_LE(window_error(*model, r, options), 1e-6);
  EXPECT_GT(window_error(*model, r, {}), 0.01);
  float window = 0;
  const WindowRequest cell{.row_end = 1, .col_end = 1, .height = 1, .width = 1};
  EXPECT_EQ(model
                ->attention_window({.layer = config.num_layers}, n, {}, r.query.data(),
                                   r.key.data(), r.logsumexp.data(), cell, &window)
                .code,
            StatusCode::kInvalidArgument);
}

TEST_F(BertModel, LastHiddenStateIsTheFinalOne) {
  const ModelRun r = run(*model, ids);
  const Index layers = config.num_layers;
  EXPECT_EQ(rows_of(r.hidden, layers * n, (layers + 1) * n, config.model_dim), r.final_hidden);
}

TEST_F(BertModel, EachResultCanBeCapturedAlone) {
  const ModelRun all = run(*model, ids);
  std::vector<float> final_hidden(all.final_hidden.size());
  std::vector<float> weights(all.weights.size()), context(all.context.size());
  ForwardTrace trace;
  trace.weights = weights.data();
  ASSERT_TRUE(model->forward(ids.data(), n, {}, trace, final_hidden.data()).ok());
  EXPECT_EQ(weights, all.weights);
  trace = {};
  trace.context = context.data();
  ASSERT_TRUE(model->forward(ids.data(), n, {}, trace, final_hidden.data()).ok());
  EXPECT_LE(relative_error(context, all.context), kTolerance);
}

TEST_F(BertModel, CausalHidesTheFuture) {
  ForwardOptions options;
  options.is_causal = true;
  const ModelRun r = run(*model, ids, options);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  for (Index head = 0; head < num_matrices; ++head) {
    for (Index i = 0; i < n; ++i) {
      double sum = 0;
      for (Index j = 0; j < n; ++j) {
        const std::size_t at = std::size_t((head * n + i) * n + j);
        sum += double(r.weights[at]);
        if (j > i) {
          EXPECT_EQ(r.weights[at], 0.0f);
          EXPECT_EQ(r.masked_scores[at], -HUGE_VALF);
        }
      }
      EXPECT_NEAR(sum, 1, 1e-6);
    }
  }
  // The first tokens cannot tell what follows them.
  const Index k = 5;
  const ModelRun prefix = run(*model, {ids.begin(), ids.begin() + k}, options);
  EXPECT_LE(relative_error(prefix.final_hidden, rows_of(r.final_hidden, 0, k, config.model_dim)),
            kTolerance);
}

TEST_F(BertModel, ScaleReplacesTheDefault) {
  ForwardOptions options;
  options.scale = 0.0f;
  const ModelRun uniform = run(*model, ids, options);
  ASSERT_TRUE(uniform.status.ok()) << uniform.status.message;
  const std::vector<float> expected(uniform.weights.size(), 1.0f / float(n));
  EXPECT_LE(relative_error(uniform.weights, expected), 1e-6);

  options.scale = default_scale(config.head_dim);
  EXPECT_EQ(run(*model, ids, options).final_hidden, run(*model, ids).final_hidden);

  options.scale = NAN;
  EXPECT_EQ(run(*model, ids, options).status.code, StatusCode::kInvalidArgument);
}

TEST_F(BertModel, WithoutPositionsOrderDoesNotMatter) {
  ForwardOptions options;
  options.use_positions = false;
  const Ids reversed(ids.rbegin(), ids.rend());
  const ModelRun r = run(*model, ids, options), back = run(*model, reversed, options);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  std::vector<float> mirrored;
  for (Index i = n - 1; i >= 0; --i) {
    const std::vector<float> row = rows_of(back.final_hidden, i, i + 1, config.model_dim);
    mirrored.insert(mirrored.end(), row.begin(), row.end());
  }
  EXPECT_LE(relative_error(mirrored, r.final_hidden), kTolerance);
  EXPECT_GT(relative_error(run(*model, ids).final_hidden, r.final_hidden), 0.01);
}

// A head whose context is 0 is a head whose values are 0.
TEST_F(BertModel, AblatedHeadsAreHeadsWithoutValues) {
  const Index layer = 1, head = 2;
  Checkpoint valueless = golden_checkpoint("bert");
  const std::string name = "bert.encoder.layer.1.attention.self.value.";
  const Index begin = head * config.head_dim, end = begin + config.head_dim;
  zero(&valueless, name + "weight", begin * config.model_dim, end * config.model_dim);
  zero(&valueless, name + "bias", begin, end);

  std::vector<std::uint8_t> ablated(std::size_t(num_matrices), 0);
  ablated[std::size_t(layer * config.num_heads + head)] = 1;
  ForwardOptions options;
  options.ablated_heads = ablated.data();
  const ModelRun r = run(*model, ids, options);
  const ModelRun expected = run(*make_filled(valueless), ids);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  EXPECT_LE(relative_error(r.final_hidden, expected.final_hidden), 1e-6);
  EXPECT_LE(relative_error(r.context, expected.context), 1e-6);
  // Only its context is gone: what it attends to, and its values, are still there to see.
  EXPECT_EQ(r.weights, run(*model, ids).weights);
  EXPECT_EQ(r.value, run(*model, ids).value);
}

TEST_F(BertModel, AblatingAllHeadsLeavesNoContext) {
  const std::vector<std::uint8_t> ablated(std::size_t(num_matrices), 1);
  ForwardOptions options;
  options.ablated_heads = ablated.data();
  const ModelRun r = run(*model, ids, options);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  EXPECT_EQ(r.context, std::vector<float>(r.context.size(), 0.0f));

  // Without context a token knows its own embedding only.
  Ids other = ids;
  other[3] = 7;
  const ModelRun changed = run(*model, other, options);
  EXPECT_EQ(rows_of(changed.final_hidden, 0, 3, config.model_dim),
            rows_of(r.final_hidden, 0, 3, config.model_dim));
}

// An enormous epsilon leaves a normalisation's bias alone.
TEST_F(BertModel, NormalisesWithTheEpsilonOfItsConfig) {
  Checkpoint changed = checkpoint;
  changed.config.norm_epsilon = 1e14f;
  const ModelRun r = run(*make_filled(changed), ids);
  ASSERT_TRUE(r.status.ok()) << r.status.message;
  for (const auto& [index, name] : {std::pair<Index, std::string>{0, "embeddings.LayerNorm.bias"},
                                    {1, "encoder.layer.0.output.LayerNorm.bias"},
                                    {2, "encoder.layer.1.output.LayerNorm.bias"}}) {
    const auto bias = floats(checkpoint.tensors.at("bert." + name));
    for (Index i = index * n; i < (index + 1) * n; ++i) {
      EXPECT_LE(relative_error(rows_of(r.hidden, i, i + 1, config.model_dim), bias), kTolerance);
    }
  }
}

TEST_F(BertModel, TokenTypesTellSegmentsApart) {
  ForwardOptions options;
  const Ids first(ids.size(), 0), second(ids.size(), 1);
  options.token_types = first.data();
  EXPECT_EQ(run(*model, ids, options).final_hidden, run(*model, ids).final_hidden);
  options.token_types = second.data();
  EXPECT_GT(relative_error(run(*model, ids, options).final_hidden, run(*model, ids).final_hidden),
            0.01);
}

TEST_F(BertModel, RefusesWhatItCannotRun) {
  const auto refused = [&](const Ids& tokens, const ForwardOptions& options = {}) {
    const Status status = run(*model, tokens, options).status;
    EXPECT_EQ(status.code, StatusCode::kInvalidArgument);
    return status.message;
  };
  EXPECT_EQ(refused({}), "length is 0, expected 1 to 96");
  EXPECT_EQ(refused(Ids(97, 5)), "length is 97, expected 1 to 96");
  EXPECT_EQ(refused({2, 3, 400}), "the token id at position 2 is 400, expected 0 to 399");
  EXPECT_EQ(refused({-1}), "the token id at position 0 is -1, expected 0 to 399");

  const Ids types = {0, 2};
  ForwardOptions options;
  options.token_types = types.data();
  EXPECT_EQ(refused({2, 3}, options), "the token type at position 1 is 2, expected 0 to 1");

  KvCache cache;
  EXPECT_EQ(model->make_cache(8, &cache).code, StatusCode::kInvalidArgument);
  options = {};
  options.cache = &cache;
  EXPECT_EQ(refused({2, 3}, options), "a cache is given, expected causal attention");

  EXPECT_TRUE(run(*model, Ids(96, 5)).status.ok());  // all of max_length, and still usable
}

}  // namespace
}  // namespace heed::test

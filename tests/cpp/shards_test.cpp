// A model in shards, run in step in one process, against the same model in one instance.
#include "checkpoint.h"
#include "models/blocks.h"
#include "problem.h"

namespace heed::test {
namespace {

constexpr double kTolerance =
    1e-5;  // of results computed in another order, relative to the largest

std::unique_ptr<Model> make_part(Checkpoint checkpoint, ModelPart part) {
  checkpoint.config.part = part;
  return make_filled(checkpoint);
}

// One instance with the ends, and one for each shard of the layers.
class ShardedModel {
 public:
  ShardedModel(const Checkpoint& checkpoint, Index count)
      : config_(checkpoint.config),
        ends_(make_part(checkpoint, {.has_ends = true, .num_shards = 0})),
        caches_(std::size_t(count)) {
    for (Index k = 0; k < count; ++k) {
      shards_.push_back(
          make_part(checkpoint, {.has_ends = false, .shard = k, .num_shards = count}));
    }
  }

  void make_caches(Index capacity) {
    for (std::size_t k = 0; k < shards_.size(); ++k) {
      ASSERT_TRUE(shards_[k]->make_cache(capacity, &caches_[k]).ok());
    }
  }

  // As run() of a whole model; a cache in `options` stands for those of make_caches().
  ModelRun run(const Ids& ids, ForwardOptions options = {}) {
    const bool use_caches = options.cache != nullptr;
    const Index past = use_caches ? caches_[0].length : 0, n = Index(ids.size());
    ModelRun whole;
    whole.n = n;
    whole.m = past + n;
    std::vector<float> x(std::size_t(n * config_.model_dim));
    options.cache = nullptr;
    whole.status = ends_->embed(ids.data(), n, past, options, x.data());
    if (!whole.status.ok()) return whole;

    const std::size_t count = shards_.size();
    std::vector<ModelRun> parts(count);
    std::vector<Forward> steps(count);
    for (std::size_t k = 0; k < count; ++k) {
      parts[k].n = n;
      parts[k].m = whole.m;
      parts[k].final_hidden = x;
      if (use_caches) options.cache = &caches_[k];
      whole.status = shards_[k]->start(n, options, room_for_trace(*shards_[k], &parts[k]),
                                       parts[k].final_hidden.data(), &steps[k]);
      if (!whole.status.ok()) return whole;
    }
    for (; !steps[0].is_done(); ++pauses) exchange(steps);
    for (std::size_t k = 0; k < count; ++k) {
      EXPECT_TRUE(steps[k].is_done());
      whole.status = steps[k].status();
      if (!whole.status.ok()) return whole;
      EXPECT_EQ(caches_[k].length, use_caches ? whole.m : 0);
      EXPECT_EQ(parts[k].final_hidden, parts[0].final_hidden);
      EXPECT_EQ(parts[k].hidden, parts[0].hidden);
    }
    join(parts, &whole);
    return whole;
  }

  std::vector<float> logits(const std::vector<float>& final_hidden) {
    return logits_of(*ends_, final_hidden);
  }

  Index pauses = 0;

 private:
  static constexpr std::vector<float> ModelRun::*kHeads[] = {
      &ModelRun::query,   &ModelRun::context,       &ModelRun::products,
      &ModelRun::scores,  &ModelRun::capped_scores, &ModelRun::masked_scores,
      &ModelRun::weights, &ModelRun::logsumexp,     &ModelRun::key,
      &ModelRun::value,   &ModelRun::head_outputs};

  static void exchange(const std::vector<Forward>& steps) {
    std::vector<const float*> partials;
    for (const Forward& step : steps) {
      ASSERT_FALSE(step.is_done());
      ASSERT_EQ(step.sum().size, steps[0].sum().size);
      partials.push_back(step.sum().data);
    }
    std::vector<float> sum(std::size_t(steps[0].sum().size));
    sum_partials(partials.data(), Index(partials.size()), Index(sum.size()), sum.data());
    for (const Forward& step : steps) {
      std::copy(sum.begin(), sum.end(), step.sum().data);
      step.resume();
    }
  }

  // Heads of every layer side by side again.
  void join(const std::vector<ModelRun>& parts, ModelRun* whole) const {
    whole->final_hidden = parts[0].final_hidden;
    whole->hidden = parts[0].hidden;
    whole->attention_input = parts[0].attention_input;
    whole->attention_output = parts[0].attention_output;
    for (const auto stage : kHeads) {
      for (Index l = 0; l < config_.num_layers; ++l) {
        for (const ModelRun& part : parts) {
          const std::vector<float>& values = part.*stage;
          const auto size = Index(values.size()) / config_.num_layers;
          const auto first = values.begin() + l * size;
          (whole->*stage).insert((whole->*stage).end(), first, first + size);
        }
      }
    }
  }

  ModelConfig config_;
  std::unique_ptr<Model> ends_;
  std::vector<std::unique_ptr<Model>> shards_;
  std::vector<KvCache> caches_;
};

void expect_equal(const ModelRun& got, const ModelRun& want) {
  ASSERT_TRUE(got.status.ok()) << got.status.message;
  for (const auto stage :
       {&ModelRun::final_hidden, &ModelRun::hidden, &ModelRun::query, &ModelRun::key,
        &ModelRun::value, &ModelRun::context, &ModelRun::products, &ModelRun::scores,
        &ModelRun::capped_scores, &ModelRun::weights, &ModelRun::logsumexp,
        &ModelRun::attention_input, &ModelRun::attention_output, &ModelRun::head_outputs}) {
    EXPECT_LE(relative_error(got.*stage, want.*stage), kTolerance);
  }
  // Hidden keys are -inf in both, and everything else a score.
  ASSERT_EQ(got.masked_scores.size(), want.masked_scores.size());
  for (std::size_t i = 0; i < want.masked_scores.size(); ++i) {
    const float masked = want.masked_scores[i];
    EXPECT_EQ(got.masked_scores[i], std::isinf(masked) ? masked : got.capped_scores[i]);
  }
}

// Random weights for architectures without a golden checkpoint: what the engine computes of them is
// shown elsewhere, here it is in parts what it is as a whole.
Checkpoint made_checkpoint(const std::string& architecture) {
  ModelConfig c;
  c.architecture = architecture;
  c.num_layers = 2;
  c.num_heads = c.num_kv_heads = 4;
  c.head_dim = 8;
  c.model_dim = 32;
  c.feed_forward_dim = 22;
  c.vocabulary_size = 310;
  c.max_length = 16;
  Checkpoint made{c, {}};
  Random random(5);
  const auto add = [&](const std::string& name, const std::vector<Index>& shape) {
    Index size = 1;
    for (const Index dim : shape) size *= dim;
    std::vector<float> values = random.normals(size);
    for (float& value : values) value *= 0.3f;
    made.tensors[name] = tensor_of(shape, values);
  };
  const auto add_layer = [&](const std::string& name, Index out, Index in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  };
  const auto add_norm = [&](const std::string& name) {
    add(name + ".weight", {32});
    add(name + ".bias", {32});
  };
  const bool is_opt = architecture == "opt";
  for (const std::string l : {"0", "1"}) {
    const std::string at = (is_opt ? "decoder.layers." : "layers.") + l;
    if (is_opt) {
      for (const char* part : {"q", "k", "v", "out"}) {
        add_layer(at + ".self_attn." + part + "_proj", 32, 32);
      }
      add_norm(at + ".self_attn_layer_norm");
      add_norm(at + ".final_layer_norm");
      add_layer(at + ".fc1", 22, 32);
      add_layer(at + ".fc2", 32, 22);
    } else {
      add_norm(at + ".input_layernorm");
      add_norm(at + ".post_attention_layernorm");
      add_layer(at + ".attention.query_key_value", 96, 32);
      add_layer(at + ".attention.dense", 32, 32);
      add_layer(at + ".mlp.dense_h_to_4h", 22, 32);
      add_layer(at + ".mlp.dense_4h_to_h", 32, 22);
    }
  }
  if (is_opt) {
    made.config.has_pre_norms = false;
    made.config.embedding_dim = 12;
    add("decoder.embed_tokens.weight", {310, 12});
    add("decoder.embed_positions.weight", {18, 32});
    add("decoder.project_in.weight", {32, 12});
    add("decoder.project_out.weight", {12, 32});
  } else {
    made.config.rotary = plain_rotary(4, 100.0);
    add("embed_in.weight", {310, 32});
    add_norm("final_layer_norm");
  }
  return made;
}

Checkpoint checkpoint_of(const std::string& name) {
  return name == "opt" || name == "gpt_neox" ? made_checkpoint(name) : golden_checkpoint(name);
}

// Folder and number of shards; BERT and GPT-2 have 4 heads and 128 columns, so that 3 divides
// neither.
class Shards : public testing::TestWithParam<std::tuple<const char*, Index>> {
 protected:
  const Checkpoint checkpoint = checkpoint_of(std::get<0>(GetParam()));
  const Index count = std::get<1>(GetParam());
  const std::unique_ptr<Model> whole = make_filled(checkpoint);
  ShardedModel sharded{checkpoint, count};
  const Ids ids = {2, 238, 217, 52, 306, 48, 132, 238, 199, 138, 3};
};

INSTANTIATE_TEST_SUITE_P(Models, Shards,
                         testing::Combine(testing::Values("bert", "gpt2", "gpt_neox", "opt"),
                                          testing::Values(1, 2, 3, 4)),
                         [](const auto& param) {
                           return std::string(std::get<0>(param.param)) + "_in_" +
                                  std::to_string(std::get<1>(param.param));
                         });

// 2 kv heads for 4 query heads; one layer has a window.
INSTANTIATE_TEST_SUITE_P(GroupedHeads, Shards,
                         testing::Combine(testing::Values("qwen2"), testing::Values(1, 2)),
                         [](const auto& param) {
                           return std::string("qwen2_in_") +
                                  std::to_string(std::get<1>(param.param));
                         });

TEST_P(Shards, EqualOneInstance) {
  const ModelRun r = sharded.run(ids), expected = run(*whole, ids);
  expect_equal(r, expected);
  EXPECT_EQ(sharded.logits(r.final_hidden), logits_of(*whole, r.final_hidden));
  // Two sums a layer, where there is anything to sum.
  EXPECT_EQ(sharded.pauses, count > 1 ? 2 * checkpoint.config.num_layers : 0);
  if (count == 1) {
    EXPECT_EQ(r.final_hidden, expected.final_hidden);
  }
}

TEST_P(Shards, AreBitForBitTheSameAgain) {
  const ModelRun first = sharded.run(ids), second = sharded.run(ids);
  ShardedModel other(checkpoint, count);
  EXPECT_EQ(first.hidden, second.hidden);
  EXPECT_EQ(first.weights, second.weights);
  EXPECT_EQ(first.hidden, other.run(ids).hidden);
}

TEST_P(Shards, TakeTheSameOptions) {
  const ModelConfig& c = checkpoint.config;
  std::vector<std::uint8_t> ablated(std::size_t(c.num_layers * c.num_heads), 0);
  ablated[1] = ablated[std::size_t(c.num_heads + 2)] = ablated[std::size_t(c.num_heads + 3)] = 1;
  const Ids types = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  ForwardOptions options;
  options.ablated_heads = ablated.data();
  options.is_causal = !whole->is_causal();
  options.scale = 0.5f;
  options.use_positions = false;
  if (c.num_token_types > 1) options.token_types = types.data();
  const ModelRun expected = run(*whole, ids, options);
  expect_equal(sharded.run(ids, options), expected);
  EXPECT_GT(relative_error(expected.final_hidden, run(*whole, ids).final_hidden), 0.01);
}

TEST_P(Shards, ContinueTheirCaches) {
  if (!whole->is_causal()) return;
  KvCache cache;
  ASSERT_TRUE(whole->make_cache(Index(ids.size()), &cache).ok());
  sharded.make_caches(Index(ids.size()));
  ForwardOptions options;
  options.cache = &cache;
  Index past = 0;
  for (const Index length : {4, 1, 6}) {
    const Ids next(ids.begin() + past, ids.begin() + past + length);
    const ModelRun expected = run(*whole, next, options);
    expect_equal(sharded.run(next, options), expected);
    past += length;
  }
}

TEST_P(Shards, TakeWeightsInPieces) {
  const auto in_pieces = [&](ModelPart part) {
    Checkpoint small = checkpoint;
    small.config.part = part;
    auto model = make_empty(small);
    for (const auto& [name, tensor] : checkpoint.tensors) {
      const Index rows = tensor.shape[0];
      const auto row_bytes = Index(tensor.bytes.size()) / rows;
      for (Index row = 0, next = 0; row < rows; row = next) {
        next = std::min(row + 7, rows);
        const Status status = model->set_weight({.name = name,
                                                 .dims = tensor.shape.data(),
                                                 .rank = Index(tensor.shape.size()),
                                                 .rows = {row, next},
                                                 .data = tensor.bytes.data() + row * row_bytes});
        EXPECT_TRUE(status.ok()) << status.message;
      }
    }
    EXPECT_TRUE(model->finish().ok());
    return model;
  };
  // Embedding and layers up to the first sum, or, of one shard, to the end.
  const auto first_sum = [&](const Model& model) {
    ModelRun r;
    r.n = r.m = Index(ids.size());
    std::vector<float> x(std::size_t(r.n * checkpoint.config.model_dim));
    EXPECT_TRUE(model.embed(ids.data(), r.n, 0, {}, x.data()).ok());
    Forward steps;
    EXPECT_TRUE(model.start(r.n, {}, {}, x.data(), &steps).ok());
    if (steps.is_done()) return x;
    return std::vector<float>(steps.sum().data, steps.sum().data + steps.sum().size);
  };
  const ModelPart part{.has_ends = true, .shard = count - 1, .num_shards = count};
  EXPECT_EQ(first_sum(*in_pieces(part)), first_sum(*make_part(checkpoint, part)));
}

TEST(ShardParts, HaveTheWeightsTheyNeed) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  Checkpoint part = checkpoint;
  part.config.part = {.has_ends = true, .num_shards = 0};
  const auto ends = make_empty(part);
  part.config.part = {.has_ends = false, .shard = 1, .num_shards = 2};
  const auto second = make_empty(part);
  const std::string query = "bert.encoder.layer.1.attention.self.query.weight";
  EXPECT_TRUE(second->needs(query));
  EXPECT_FALSE(ends->needs(query));
  EXPECT_TRUE(ends->needs("cls.predictions.bias"));
  EXPECT_FALSE(second->needs("cls.predictions.bias"));
  // A bias behind a sum is added once.
  EXPECT_TRUE(second->needs("encoder.layer.0.output.dense.weight"));
  EXPECT_FALSE(second->needs("encoder.layer.0.output.dense.bias"));
  EXPECT_EQ(ends->finish().message, "embeddings.word_embeddings.weight is missing");
  EXPECT_EQ(second->finish().message, "encoder.layer.0.attention.self.query.weight is missing");
}

TEST(ShardParts, RefuseWhatTheyHaveNot) {
  const Checkpoint checkpoint = golden_checkpoint("gpt2");
  const auto ends = make_part(checkpoint, {.has_ends = true, .num_shards = 0});
  const auto shard = make_part(checkpoint, {.has_ends = false, .shard = 0, .num_shards = 2});
  const Ids ids = {1, 2};
  std::vector<float> x(2 * 32);
  Forward steps;
  EXPECT_EQ(ends->start(2, {}, {}, x.data(), &steps).message,
            "this part of the model has no layers");
  EXPECT_EQ(shard->embed(ids.data(), 2, 0, {}, x.data()).message,
            "this part of the model has no embedding");
  EXPECT_EQ(run(*shard, ids).status.message, "this is a part of the model, expected all of it");
  EXPECT_EQ(shard->logits(x.data(), 1, nullptr).message, "the model has no language-model head");
  EXPECT_EQ(ends->embed(ids.data(), 2, -1, {}, x.data()).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(ends->embed(ids.data(), 2, checkpoint.config.max_length - 1, {}, x.data()).code,
            StatusCode::kInvalidArgument);
  EXPECT_EQ(shard->start(0, {}, {}, x.data(), &steps).code, StatusCode::kInvalidArgument);
}

TEST(ShardParts, AreCheckedAgainstTheModel) {
  const auto error = [](ModelPart part) {
    ModelConfig config = golden_checkpoint("gpt2").config;
    config.part = part;
    std::unique_ptr<Model> model;
    return make_model(config, &model).message;
  };
  EXPECT_EQ(error({.num_shards = 5}), "num_shards is 5, expected 0 to 4");
  EXPECT_EQ(error({.num_shards = -1}), "num_shards is -1, expected 0 to 4");
  EXPECT_EQ(error({.shard = 2, .num_shards = 2}), "shard is 2, expected 0 to 1");
  EXPECT_EQ(error({.shard = -1, .num_shards = 2}), "shard is -1, expected 0 to 1");
}

// The sanitizers would find what it leaves behind.
TEST(ShardParts, APassCanBeGivenUp) {
  const auto shard =
      make_part(golden_checkpoint("gpt2"), {.has_ends = false, .shard = 1, .num_shards = 2});
  std::vector<float> x(2 * 32, 1.0f);
  KvCache cache;
  ASSERT_TRUE(shard->make_cache(4, &cache).ok());
  ForwardOptions options;
  options.cache = &cache;
  for (int i = 0; i < 2; ++i) {
    Forward steps;
    ASSERT_TRUE(shard->start(2, options, {}, x.data(), &steps).ok());
    EXPECT_FALSE(steps.is_done());
    EXPECT_EQ(steps.sum().size, 2 * 32);
    steps = Forward();
    EXPECT_TRUE(steps.is_done());
  }
  EXPECT_EQ(cache.length, 0);
}

// 8 query heads in 4 groups of one kv head each, over 3 shards.
TEST(ShardParts, KeepQueryHeadsWithTheirKvHead) {
  ModelConfig c;
  c.num_heads = 8;
  c.num_kv_heads = 4;
  c.head_dim = 2;
  c.model_dim = 16;
  c.feed_forward_dim = 11;
  Index heads = 0, columns = 0;
  for (Index k = 0; k < 3; ++k) {
    c.part = {.has_ends = false, .shard = k, .num_shards = 3};
    const LayerPart part = layer_part(c);
    EXPECT_EQ(part.heads.begin, heads);
    EXPECT_EQ(part.heads.begin, 2 * part.kv_heads.begin);
    EXPECT_EQ(part.heads.end, 2 * part.kv_heads.end);
    EXPECT_EQ(part.feed_forward.begin, columns);
    heads = part.heads.end;
    columns = part.feed_forward.end;
  }
  EXPECT_EQ(heads, 8);
  EXPECT_EQ(columns, 11);

  // Of 16 columns of queries, 8 of keys and 8 of values, side by side.
  const LinearShape fused = query_key_value_shape(c);
  EXPECT_EQ(fused.out, 32);
  ASSERT_EQ(fused.outputs.size(), 3u);
  for (const auto& [i, begin, end] : {std::tuple{0, 12, 16}, {1, 22, 24}, {2, 30, 32}}) {
    EXPECT_EQ(fused.outputs[std::size_t(i)].begin, begin);
    EXPECT_EQ(fused.outputs[std::size_t(i)].end, end);
  }

  c.part = {.num_shards = 0};
  EXPECT_EQ(layer_part(c).heads.size(), 0);
}

TEST(ShardSums, AreInTheShardsOrder) {
  // Any other order of these rounds to another sum.
  const float a[] = {1.0f}, b[] = {0x1p-24f}, c[] = {0x1p-24f};
  const float* const ends[] = {a, b, c};
  const float* const turned[] = {b, c, a};
  float sum = 0;
  sum_partials(ends, 3, 1, &sum);
  EXPECT_EQ(sum, 1.0f);
  sum_partials(turned, 3, 1, &sum);
  EXPECT_EQ(sum, 1.0f + 0x1p-23f);
}

}  // namespace
}  // namespace heed::test

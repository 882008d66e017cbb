// Encoder-decoders from the side of memory: caches, memories, and what is refused. What they
// compute is compared with their formulas by the tests of the package.
#include "checkpoint.h"
#include "models/relative_bias.h"

namespace heed::test {
namespace {

const Ids kSource = {1, 4, 2, 7, 3}, kTarget = {5, 2, 2, 6};

class EncoderDecoder : public testing::TestWithParam<const char*> {
 protected:
  EncoderDecoder() {
    ModelConfig& c = checkpoint.config;
    c.architecture = GetParam();
    c.num_layers = 2;
    c.num_decoder_layers = 3;
    c.num_heads = c.num_kv_heads = 2;
    c.model_dim = 8;
    c.head_dim = is_t5() ? 5 : 4;
    c.feed_forward_dim = 12;
    c.vocabulary_size = 9;
    c.max_length = 16;
    if (is_t5()) {
      c.has_gate = true;
      c.relative_buckets = 8;
      c.relative_max_distance = 10;
    }
    fill_stack("encoder", c.num_layers);
    fill_stack("decoder", c.num_decoder_layers);
    add("shared.weight", {9, 8});
    model = make_filled(checkpoint);
  }

  bool is_t5() const { return std::string(GetParam()) == "t5"; }

  void add(const std::string& name, std::vector<Index> shape) {
    Index size = 1;
    for (const Index length : shape) size *= length;
    std::vector<float> values(static_cast<std::size_t>(size));
    for (float& value : values) value = float(int(state_ = state_ * 1664525 + 1013904223)) / 4e9f;
    checkpoint.tensors[name] = tensor_of(shape, values);
  }
  void add_linear(const std::string& name, Index in, Index out) {
    add(name + ".weight", {out, in});
    if (!is_t5()) add(name + ".bias", {out});
  }
  void add_norm(const std::string& name) {
    add(name + ".weight", {8});
    if (!is_t5()) add(name + ".bias", {8});
  }

  void fill_stack(const std::string& stack, Index num_layers) {
    const bool is_decoder = stack == "decoder";
    for (Index l = 0; l < num_layers; ++l) {
      if (is_t5()) {
        fill_block(stack + ".block." + std::to_string(l) + ".layer.", is_decoder);
      } else {
        fill_layer(stack + ".layers." + std::to_string(l) + ".", is_decoder);
      }
    }
    if (is_t5()) {
      add(stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight", {8, 2});
      add_norm(stack + ".final_layer_norm");
    } else if (std::string(GetParam()) == "bart") {
      add(stack + ".embed_positions.weight", {18, 8});
      add_norm(stack + ".layernorm_embedding");
    }
  }
  void fill_layer(const std::string& layer, bool is_decoder) {
    for (const char* attention : {"self_attn", "encoder_attn"}) {
      if (!is_decoder && attention[0] == 'e') continue;
      for (const char* part : {".q_proj", ".k_proj", ".v_proj", ".out_proj"}) {
        add_linear(layer + attention + part, 8, 8);
      }
      add_norm(layer + attention + "_layer_norm");
    }
    add_linear(layer + "fc1", 8, 12);
    add_linear(layer + "fc2", 12, 8);
    add_norm(layer + "final_layer_norm");
  }
  void fill_block(const std::string& block, bool is_decoder) {
    const std::string attentions[] = {"0.SelfAttention", "1.EncDecAttention"};
    for (const std::string& attention : attentions) {
      if (!is_decoder && attention[0] == '1') continue;
      for (const char* part : {".q", ".k", ".v"}) add_linear(block + attention + part, 8, 10);
      add_linear(block + attention + ".o", 10, 8);
      add_norm(block + attention[0] + ".layer_norm");
    }
    const std::string last = block + (is_decoder ? "2" : "1");
    add_linear(last + ".DenseReluDense.wi_0", 8, 12);
    add_linear(last + ".DenseReluDense.wi_1", 8, 12);
    add_linear(last + ".DenseReluDense.wo", 12, 8);
    add_norm(last + ".layer_norm");
  }

  /// The encoder's final hidden states of kSource, as the decoder sees them.
  Memory memory() {
    const ModelRun r = run(*model, kSource);
    EXPECT_TRUE(r.status.ok()) << r.status.message;
    Memory made;
    const Status status = model->make_memory(r.final_hidden.data(), r.n, &made);
    EXPECT_TRUE(status.ok()) << status.message;
    return made;
  }

  std::vector<float> decode(const Ids& ids, const ForwardOptions& options) {
    std::vector<float> hidden(ids.size() * 8);
    const Status status = model->forward(ids.data(), Index(ids.size()), options, {}, hidden.data());
    EXPECT_TRUE(status.ok()) << status.message;
    return hidden;
  }

  Checkpoint checkpoint;
  std::unique_ptr<Model> model;

 private:
  std::uint32_t state_ = 1;
};

INSTANTIATE_TEST_SUITE_P(Architectures, EncoderDecoder, testing::Values("bart", "marian", "t5"),
                         [](const auto& param) { return std::string(param.param); });

TEST_P(EncoderDecoder, ACacheGoesOnWhereItsTokensEnd) {
  const Memory seen = memory();
  const std::vector<float> whole = decode(kTarget, {.memory = &seen});
  KvCache cache;
  ASSERT_TRUE(model->make_cache(4, &cache).ok());
  std::vector<float> hidden;
  for (const Ids& part : {Ids{5, 2}, Ids{2}, Ids{6}}) {
    const std::vector<float> more = decode(part, {.cache = &cache, .memory = &seen});
    hidden.insert(hidden.end(), more.begin(), more.end());
  }
  EXPECT_EQ(cache.length, 4);
  EXPECT_LE(relative_error(hidden, whole), 1e-5);
}

TEST_P(EncoderDecoder, LeavesTracesOfBothItsAttentions) {
  const Memory seen = memory();
  const ModelConfig& c = model->config();
  const Index layers = c.num_decoder_layers, n = Index(kTarget.size()), m = seen.length;
  std::vector<float> own, cross, key, hidden(std::size_t(n * 8));
  ForwardTrace of_cross, trace;
  of_cross.weights = room(&cross, layers * 2 * n * m);
  of_cross.key = room(&key, layers * 2 * m * c.head_dim);
  trace.weights = room(&own, layers * 2 * n * n);
  trace.cross = &of_cross;
  std::vector<std::uint8_t> mask(std::size_t(n * m), 1);
  mask[1] = 0;
  ForwardOptions changes;
  changes.attention_mask = mask.data();
  ForwardOptions options{.memory = &seen, .cross = &changes};
  ASSERT_TRUE(model->forward(kTarget.data(), n, options, trace, hidden.data()).ok());
  for (Index row = 0; row < layers * 2 * n; ++row) {
    const auto sum = [&](const std::vector<float>& weights, Index length) {
      double total = 0;
      for (Index j = 0; j < length; ++j) total += double(weights[std::size_t(row * length + j)]);
      return total;
    };
    EXPECT_NEAR(sum(own, n), 1, 1e-6);
    EXPECT_NEAR(sum(cross, m), 1, 1e-6);
  }
  EXPECT_EQ(own[1], 0);    // what comes after is hidden
  EXPECT_EQ(cross[1], 0);  // by the mask
  EXPECT_GT(cross[std::size_t(m + 1)], 0);
  for (const float value : key) EXPECT_TRUE(std::isfinite(value));
}

TEST_P(EncoderDecoder, AMaskJoinsThePositions) {
  const std::vector<std::uint8_t> all(25, 1);
  ForwardOptions options;
  options.attention_mask = all.data();
  const ModelRun open = run(*model, kSource, options), plain = run(*model, kSource);
  EXPECT_LE(relative_error(open.weights, plain.weights), 1e-6);
  EXPECT_LE(window_error(*model, open, options), 1e-6);
}

TEST_P(EncoderDecoder, RefusesWhatIsNotItsOwn) {
  const Memory seen = memory();
  KvCache cache;
  std::vector<float> hidden(4 * 8);
  const auto error = [&](const ForwardOptions& options) {
    return model->forward(kTarget.data(), 4, options, {}, hidden.data()).message;
  };
  ASSERT_TRUE(model->make_cache(8, &cache).ok());
  EXPECT_EQ(error({.cache = &cache}), "a cache is given, expected causal attention");
  Memory none;
  EXPECT_EQ(error({.memory = &none}), "the memory is not one of this model's make_memory");
  EXPECT_EQ(model->make_memory(hidden.data(), 0, &none).message,
            "the memory's length is 0, expected at least 1");
  const auto bert = make_filled(golden_checkpoint("bert"));
  EXPECT_EQ(bert->make_memory(hidden.data(), 1, &none).code, StatusCode::kInvalidArgument);
  std::vector<float> wide(4 * 32);
  EXPECT_EQ(bert->forward(kTarget.data(), 4, {.memory = &seen}, {}, wide.data()).message,
            "the memory is not one of this model's make_memory");
  EXPECT_EQ(error({.memory = &seen}), "");
}

TEST_P(EncoderDecoder, ConfigsOutOfRangeAreRefused) {
  const auto error = [&](auto change) {
    ModelConfig config = checkpoint.config;
    change(&config);
    std::unique_ptr<Model> made;
    return make_model(config, &made).code;
  };
  EXPECT_EQ(error([](ModelConfig* c) { c->num_decoder_layers = 0; }), StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->num_decoder_layers = Index(1) << 30; }),
            StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->relative_buckets = 2; }), StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) {
              c->relative_buckets = 32;
              c->relative_max_distance = 16;
            }),
            StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->head_scale = HUGE_VALF; }), StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->part = {.num_shards = 3}; }), StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->padding_id = 1; }), StatusCode::kInvalidModel);
  EXPECT_EQ(error([](ModelConfig* c) { c->decoder_vocabulary_size = -1; }),
            StatusCode::kInvalidModel);
}

TEST(RelativeBucket, IsTransformersOne) {
  // modeling_t5.py with 32 buckets and distance 128, at the edges, where f32's rounding decides.
  const auto both = [](Index distance) { return relative_bucket(distance, true, 32, 128); };
  for (const auto& [distance, bucket] : {std::pair<Index, Index>{0, 0},
                                         {-7, 7},
                                         {-8, 8},
                                         {-15, 9},
                                         {-16, 10},
                                         {-32, 12},
                                         {-64, 14},
                                         {-128, 15},
                                         {-100000, 15},
                                         {1, 17},
                                         {8, 24},
                                         {64, 30},
                                         {127, 31}}) {
    EXPECT_EQ(both(distance), bucket) << distance;
  }
  const auto past = [](Index distance) { return relative_bucket(distance, false, 32, 128); };
  for (const auto& [distance, bucket] : {std::pair<Index, Index>{5, 0},
                                         {0, 0},
                                         {-15, 15},
                                         {-16, 16},
                                         {-127, 31},
                                         {-128, 31},
                                         {-5000, 31}}) {
    EXPECT_EQ(past(distance), bucket) << distance;
  }
}

}  // namespace
}  // namespace heed::test

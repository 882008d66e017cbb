// Every golden checkpoint of a known architecture, and the bundled models, against the attention,
// hidden states and logits of Hugging Face transformers (f32, eager).
#include "checkpoint.h"

namespace heed::test {
namespace {

// Relative to the largest value of each tensor. The references are f32 themselves, and as far from
// the same forward pass in f64 as 3e-6 (their expected.json, float64_vs_reference). Checkpoints in
// f16 need no other bound: the references are of the rounded weights.
constexpr double kTolerance = 1e-5;

struct Golden {
  explicit Golden(const std::string& folder)
      : model(make_filled(read_checkpoint(folder))),
        expected(read_json(folder + "/expected.json")),
        tensors(read_safetensors(folder + "/expected.safetensors")) {}

  std::unique_ptr<Model> model;
  Json expected;
  std::map<std::string, Tensor> tensors;
};

class GoldenModel : public testing::TestWithParam<const char*> {
 protected:
  Golden golden{fixtures() + "/golden/models/" + std::string(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenModel,
                         testing::Values("bert", "distilbert", "f16-bert", "gpt2", "roberta",
                                         "sharded-gpt2", "llama", "llama-oldrope", "mistral",
                                         "qwen2", "bf16-llama"),
                         test_name);

TEST_P(GoldenModel, EqualsTransformersForEveryText) {
  Model& model = *golden.model;
  for (const Json& text : golden.expected["texts"].items) {
    const std::string key = text["key"].text;
    SCOPED_TRACE(key);
    const Ids types = ids_of(text["type_ids"]);
    ForwardOptions options;
    // Without types the tokenizer's, which tells a pair's texts apart, are for nobody.
    if (model.config().num_token_types > 0) options.token_types = types.data();
    const ModelRun r = run(model, ids_of(text["ids"]), options);
    ASSERT_TRUE(r.status.ok()) << r.status.message;

    EXPECT_LE(relative_error(r.weights, floats(golden.tensors.at(key + ".attentions"))),
              kTolerance);
    EXPECT_LE(relative_error(r.hidden, floats(golden.tensors.at(key + ".hidden_states"))),
              kTolerance);

    // Long texts keep the logits of their last four tokens only.
    const Index dim = model.config().model_dim;
    const bool is_long = golden.tensors.contains(key + ".logits_last4");
    const auto hidden = rows_of(r.final_hidden, is_long ? r.n - 4 : 0, r.n, dim);
    const std::string name = key + (is_long ? ".logits_last4" : ".logits");
    EXPECT_LE(relative_error(logits_of(model, hidden), floats(golden.tensors.at(name))),
              kTolerance);
  }
}

TEST_P(GoldenModel, CapturingChangesNothing) {
  for (const Json& text : golden.expected["texts"].items) {
    const Ids ids = ids_of(text["ids"]);
    const ModelRun with = run(*golden.model, ids), without = run(*golden.model, ids, {}, false);
    ASSERT_TRUE(without.status.ok()) << without.status.message;
    // Not bit for bit: without a matrix wanted, the softmax is computed on the way.
    EXPECT_LE(relative_error(without.final_hidden, with.final_hidden), kTolerance);
  }
}

class GoldenBatch : public GoldenModel {};

INSTANTIATE_TEST_SUITE_P(Encoders, GoldenBatch, testing::Values("bert", "distilbert", "roberta"),
                         [](const auto& param) { return std::string(param.param); });

// A padded batch of the reference against each of its texts alone, unpadded.
TEST_P(GoldenBatch, EqualsItsTextsAlone) {
  const ModelConfig& c = golden.model->config();
  const Json& batch = golden.expected["batch"];
  const auto attentions = floats(golden.tensors.at("batch.attentions"));
  const auto hidden = floats(golden.tensors.at("batch.last_hidden_state"));
  const Index padded = golden.tensors.at("batch.last_hidden_state").shape[1];
  for (std::size_t b = 0; b < batch["input_ids"].items.size(); ++b) {
    Ids ids = ids_of(batch["input_ids"].items[b]);
    const Ids mask = ids_of(batch["attention_mask"].items[b]);
    ids.resize(std::size_t(std::count(mask.begin(), mask.end(), 1)));
    const ModelRun r = run(*golden.model, ids);

    const Index first = Index(b) * padded;
    EXPECT_LE(relative_error(r.final_hidden, rows_of(hidden, first, first + r.n, c.model_dim)),
              kTolerance);
    std::vector<float> weights;  // the batch's [layers, heads, padded, padded], padding left out
    for (Index head = 0; head < c.num_layers * c.num_heads; ++head) {
      const Index matrix = Index(b) * c.num_layers * c.num_heads + head;
      for (Index i = 0; i < r.n; ++i) {
        const auto row = attentions.begin() + (matrix * padded + i) * padded;
        weights.insert(weights.end(), row, row + r.n);
      }
    }
    EXPECT_LE(relative_error(r.weights, weights), kTolerance);
  }
}

class BundledModel : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Models, BundledModel, testing::Values("heed-bert", "heed-gpt"),
                         [](const auto& param) { return std::string(param.param).substr(5); });

// The references are of the f32 weights, the bundled models hold them rounded to f16: attention
// differs by up to 0.0012.
TEST_P(BundledModel, AttendsAsTrained) {
  const std::string name = GetParam();
  const auto model = make_filled(read_checkpoint(fixtures() + "/../../web/models/" + name));
  const std::string folder = fixtures() + "/models/" + name + "/reference";
  const Json sentences = read_json(folder + "/seeds.json");
  for (int k = 0; k < 10; ++k) {
    const std::string key = "seed" + std::to_string(k);
    SCOPED_TRACE(key);
    const ModelRun r = run(*model, ids_of(sentences[key]["ids"]));
    ASSERT_TRUE(r.status.ok()) << r.status.message;
    const auto reference = read_safetensors(folder + "/" + key + ".safetensors");
    const std::vector<float> attentions = floats(reference.at("attentions"));
    ASSERT_EQ(r.weights.size(), attentions.size());
    for (std::size_t i = 0; i < attentions.size(); ++i) {
      ASSERT_NEAR(r.weights[i], attentions[i], 2e-3) << i;
    }
    // Hidden states and logits have no bound of their own: no larger error than f16's 2^-11 of each
    // weight, grown by the four layers.
    EXPECT_LE(relative_error(r.hidden, floats(reference.at("hidden_states"))), 5e-3);
    EXPECT_LE(relative_error(logits_of(*model, r.final_hidden), floats(reference.at("logits"))),
              5e-3);
  }
}

}  // namespace
}  // namespace heed::test

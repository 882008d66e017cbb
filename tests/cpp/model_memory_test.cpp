// Every allocation of a model refused in turn: a status each time, and a model that still works.
#include <cstdint>
#include <cstdlib>
#include <new>

#include "checkpoint.h"
#include "refused_memory.h"

namespace {

bool watching = false;
int refused = -1;
int asked = 0;

}  // namespace

// Buffer's form of new, for the whole test program; the others are left as they are.
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  if (watching && asked++ == refused) return nullptr;
  const auto step = static_cast<std::size_t>(alignment);
  if (size > SIZE_MAX - step) return nullptr;
  return std::aligned_alloc(step, (size + step - 1) / step * step);
}

void operator delete(void* data, std::align_val_t) noexcept { std::free(data); }

namespace heed::test {

RefusedMemory::RefusedMemory(int which) {
  watching = true;
  refused = which;
  asked = 0;
}

RefusedMemory::~RefusedMemory() { watching = false; }

int RefusedMemory::count() const { return asked; }

namespace {

// Calls `work` with each of its allocations refused in turn, and gives how many those were.
template <class Work>
int refuse_each(Work work) {
  int count = 0;
  {
    const RefusedMemory memory(-1);
    EXPECT_TRUE(work().ok());
    count = memory.count();
  }
  for (int which = 0; which < count; ++which) {
    const RefusedMemory memory(which);
    EXPECT_EQ(work().code, StatusCode::kOutOfMemory) << "allocation " << which << " of " << count;
  }
  return count;
}

class ModelMemory : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Architectures, ModelMemory, testing::Values("bert", "gpt2"),
                         [](const auto& param) { return std::string(param.param); });

TEST_P(ModelMemory, MakingAModelCanBeRefused) {
  const ModelConfig config = golden_checkpoint(GetParam()).config;
  const int count = refuse_each([&] {
    std::unique_ptr<Model> model;
    const Status status = make_model(config, &model);
    EXPECT_EQ(status.ok(), model != nullptr);
    return status;
  });
  EXPECT_GT(count, 15);
}

TEST_P(ModelMemory, AWeightCanBeGivenAgain) {
  const Checkpoint checkpoint = golden_checkpoint(GetParam());
  const auto model = make_empty(checkpoint);
  const auto set_without = [&](const auto& weight, int which) {
    const RefusedMemory memory(which);
    return set_weight(*model, weight.first, weight.second);
  };
  int most_refused = 0;
  for (const auto& weight : checkpoint.tensors) {
    int which = 0;
    for (Status status = set_without(weight, 0); !status.ok();
         status = set_without(weight, ++which)) {
      ASSERT_EQ(status.code, StatusCode::kOutOfMemory);
    }
    most_refused = std::max(most_refused, which);
  }
  EXPECT_EQ(most_refused, 2);  // the room of a linear layer's weight, and that of a row of it
  EXPECT_TRUE(model->finish().ok());
}

TEST_P(ModelMemory, AForwardPassCanBeRefused) {
  const auto model = make_filled(golden_checkpoint(GetParam()));
  const Ids ids = {2, 238, 217, 52, 3};
  const ModelRun expected = run(*model, ids);
  for (const bool capture : {false, true}) {
    EXPECT_GT(refuse_each([&] { return run(*model, ids, {}, capture).status; }), 4);
  }
  std::vector<float> logits(5 * 400);
  refuse_each([&] { return model->logits(expected.final_hidden.data(), 5, logits.data()); });
  EXPECT_EQ(run(*model, ids).weights, expected.weights);
}

TEST(CacheMemory, ARefusedPassLeavesTheCacheAsItWas) {
  const auto model = make_filled(golden_checkpoint("gpt2"));
  KvCache cache;
  EXPECT_EQ(refuse_each([&] { return model->make_cache(8, &cache); }), 2);
  ForwardOptions options;
  options.cache = &cache;
  ASSERT_TRUE(run(*model, {5, 6, 7}, options).status.ok());
  const Ids next = {8, 9};
  int count = 0;
  {
    const RefusedMemory memory(-1);
    KvCache other;
    EXPECT_TRUE(model->make_cache(8, &other).ok());
    ForwardOptions fresh;
    fresh.cache = &other;
    EXPECT_TRUE(run(*model, next, fresh, false).status.ok());
    count = memory.count() - 2;
  }
  for (int which = 0; which < count; ++which) {
    const RefusedMemory memory(which);
    EXPECT_EQ(run(*model, next, options, false).status.code, StatusCode::kOutOfMemory);
    EXPECT_EQ(cache.length, 3);
  }
  const ModelRun whole = run(*model, {5, 6, 7, 8, 9});
  EXPECT_LE(relative_error(run(*model, next, options).final_hidden,
                           rows_of(whole.final_hidden, 3, 5, model->config().model_dim)),
            1e-5);
}

}  // namespace
}  // namespace heed::test

#include "simd.h"

#include <gtest/gtest.h>
TEST(Simd,Placeholder){}

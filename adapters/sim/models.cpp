// SPDX-License-Identifier: Apache-2.0
// The table of models that --box can name.
#include "adapters/sim/models.hpp"

#include <array>

#include "adapters/sim/abl_box.hpp"
#include "adapters/sim/amperfied_box.hpp"
#include "adapters/sim/evcc1_box.hpp"
#include "adapters/sim/heidelberg_box.hpp"
#include "adapters/sim/keba_box.hpp"
#include "adapters/sim/openevse_box.hpp"
#include "adapters/sim/ultimate_speed_box.hpp"

namespace busbar::sim {

namespace {

constexpr std::array table{&heidelberg_model, &amperfied_model,      &openevse_model, &abl_evcc2_model,
                           &abl_evcc1_model,  &ultimate_speed_model, &keba_udp_model};

}  // namespace

std::span<const Model* const> models() {
    return table;
}

const Model* find_model(std::string_view name) {
    for (const Model* model : table) {
        if (model->name == name) {
            return model;
        }
    }
    return nullptr;
}

}  // namespace busbar::sim

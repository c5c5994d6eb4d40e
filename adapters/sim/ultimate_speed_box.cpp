// SPDX-License-Identifier: Apache-2.0
// Ultimate Speed: takes frames, keeps the limit, says nothing.
#include "adapters/sim/ultimate_speed_box.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/sim/car_keys.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t frame_size = 11;
constexpr std::uint16_t house_max = 0x00A8;
constexpr std::uint16_t house_now = 0x00A9;
constexpr std::uint16_t set_current = 0x00AA;
constexpr int smallest_tenths = 60;

bool is_frame(const Bytes& bytes) {
    return word_at(bytes, 0) == 0x5AA5 && bytes[2] == 0x08 && word_at(bytes, 9) == 0xA55A;
}

}  // namespace

void UltimateSpeedFraming::feed(const Bytes& bytes, SteadyTime /*now*/) {
    received_.insert(received_.end(), bytes.begin(), bytes.end());
}

std::optional<Request> UltimateSpeedFraming::next(SteadyTime /*now*/) {
    while (received_.size() >= frame_size) {
        if (is_frame(received_)) {
            const Request request{1, Bytes(received_.begin() + 3, received_.begin() + 9)};
            received_.erase(received_.begin(), received_.begin() + frame_size);
            return request;
        }
        received_.erase(received_.begin());
    }
    return std::nullopt;
}

Bytes UltimateSpeedFraming::frame(const Request& /*request*/, const Bytes& answer) const {
    return answer;
}

void UltimateSpeedFraming::garble(Bytes& /*frame*/) const {}

UltimateSpeedBox::UltimateSpeedBox(const CarOptions& car, const BoxSetup& setup)
    : Box(setup.start), outlet_(car, setup.speed), writes_(setup.start) {}

std::optional<Bytes> UltimateSpeedBox::exchange(const Bytes& request) {
    const std::uint16_t address = word_at(request, 0);
    const int value = static_cast<int>(std::uint32_t{word_at(request, 2)} << 16 | word_at(request, 4));
    if (address != house_max && address != house_now && address != set_current) {
        ++unknown_frames_;
        return std::nullopt;
    }
    writes_.add(now(), std::to_string(address), value);
    if (address == set_current) {
        set_tenths_ = value;
    }
    return std::nullopt;
}

Result<void> UltimateSpeedBox::fault(std::string_view /*name*/) {
    return Error{Errc::unsupported, "this model could tell nobody of a fault"};
}

void UltimateSpeedBox::step(SteadyTime::duration length) {
    outlet_.offer(set_tenths_ < smallest_tenths ? 0 : set_tenths_ / 10.0, 3);
    outlet_.advance(length);
}

nlohmann::json UltimateSpeedBox::writes() const {
    return writes_.json();
}

nlohmann::json UltimateSpeedBox::show() const {
    return {{"plugged", outlet_.car().plugged()},
            {"asleep", outlet_.car().asleep()},
            {"battery_wh", outlet_.car().battery_wh()},
            {"limit_a", set_tenths_ / 10.0},
            {"amps", outlet_.amps()},
            {"power_w", outlet_.volt_amperes()},
            {"writes", writes_.count()},
            {"unknown_frames", unknown_frames_}};
}

namespace {

const Protocol protocol{
    "Ultimate Speed frames",
    []() -> std::unique_ptr<Framing> { return std::make_unique<UltimateSpeedFraming>(); },
    []() -> std::unique_ptr<Framing> { return std::make_unique<UltimateSpeedFraming>(); }};

}  // namespace

constinit const Model ultimate_speed_model{
    "ultimate-speed", "Ultimate Speed USWB, 32 A, three phases, only listens; unit 1", &protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        return std::make_unique<UltimateSpeedBox>(car_options(keys), setup);
    }};

}  // namespace busbar::sim

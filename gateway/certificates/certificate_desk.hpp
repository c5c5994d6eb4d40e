// SPDX-License-Identifier: Apache-2.0
// Answers what one charge point asks about certificates; keys are made on a thread of their own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/certificates/certificate_book.hpp"
#include "gateway/worker.hpp"
#include "ocpp/certificate_work.hpp"

namespace busbar::gateway {

/// One per gateway. Its thread begins with the first key. Loop thread only.
class KeyMaker {
  public:
    explicit KeyMaker(boost::asio::io_context& loop) : loop_(loop) {}

    /// `work` runs on the maker's thread, `done` then on the loop's.
    void run(std::function<void()> work, std::function<void()> done);

    [[nodiscard]] boost::asio::io_context& loop() { return loop_; }

  private:
    boost::asio::io_context& loop_;
    std::unique_ptr<Worker> worker_;
};

class CertificateDesk {
  public:
    using Done = std::function<void(ocpp::CertificateAnswer)>;

    /// Book and maker outlive the desk. `rsa_bits`: of the keys that are made; 0: P-256.
    CertificateDesk(std::string charge_point, CertificateBook& book, KeyMaker& maker, int rsa_bits)
        : charge_point_(std::move(charge_point)), book_(book), maker_(maker), rsa_bits_(rsa_bits) {}

    /// `done` is called later, on the loop's thread, in the order of the questions but for a signing request;
    /// not once the desk is gone.
    void ask(const ocpp::CertificateQuestion& question, Done done);

  private:
    void make_request(const ocpp::MakeSigningRequest& wish, Done done);
    ocpp::CertificateAnswer answer(const ocpp::CertificateQuestion& question);

    std::string charge_point_;
    CertificateBook& book_;
    KeyMaker& maker_;
    int rsa_bits_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway

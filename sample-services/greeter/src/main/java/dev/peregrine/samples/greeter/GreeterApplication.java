// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Server and client in one: starts, calls itself over the network, and ends unless it is told to stay. */
@SpringBootApplication
public class GreeterApplication {

    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(GreeterApplication.class, args);
        if (!context.getBean(ApplicationArguments.class).containsOption("stay")) {
            context.close();
        }
    }
}

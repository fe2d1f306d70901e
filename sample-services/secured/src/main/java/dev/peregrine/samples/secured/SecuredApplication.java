// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The bank: starts, is called by people who may and people who may not, and ends unless it is told to stay. With
 * {@code token <name> <role>...} it does nothing but print a token.
 */
@SpringBootApplication
public class SecuredApplication {

    public static void main(String[] args) {
        if (args.length > 1 && args[0].equals("token")) {
            List<String> roles = Arrays.asList(args).subList(2, args.length);
            System.out.println(new Tokens(Path.of("target")).issue(args[1], roles));
            return;
        }
        ConfigurableApplicationContext context = SpringApplication.run(SecuredApplication.class, args);
        if (!context.getBean(ApplicationArguments.class).containsOption("stay")) {
            context.close();
        }
    }
}
